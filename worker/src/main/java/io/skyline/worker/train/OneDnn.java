package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_set_max_cpu_isa;
import static org.bytedeco.dnnl.global.dnnl.dnnl_set_primitive_cache_capacity;

import io.skyline.architecture.Shape;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;

/** The process's one oneDNN engine and stream, and the descriptions of memory we use with them. */
final class OneDnn {
  /** Pins the instruction set; results differ in their last bits between instruction sets. */
  private static final String ISA_VARIABLE = "ONEDNN_MAX_CPU_ISA";

  static final engine ENGINE;
  static final stream STREAM;

  /** Channels that lie side by side in the blocked layout: one vector register. */
  static final int BLOCK;

  private static final memory.format_tag BLOCKED;

  /** Depthwise kernels in blocks of channels. */
  static final memory.format_tag DEPTHWISE;

  static {
    if (System.getenv(ISA_VARIABLE) == null) {
      dnnl_set_max_cpu_isa(dnnl_cpu_isa_avx2);
    }
    // A search meets ever new shapes; the default of 1024 kernels would keep growing the process.
    dnnl_set_primitive_cache_capacity(256);
    ENGINE = new engine(engine.kind.cpu, 0);
    STREAM = new stream(ENGINE);
    // Class loading may happen inside someone's PointerScope, which must not free these two.
    ENGINE.retainReference();
    STREAM.retainReference();
    boolean wide = dnnl_get_effective_cpu_isa() >= dnnl_cpu_isa_avx512_core;
    BLOCK = wide ? 16 : 8;
    BLOCKED = wide ? memory.format_tag.aBcd16b : memory.format_tag.aBcd8b;
    DEPTHWISE = wide ? memory.format_tag.Abcde16a : memory.format_tag.Abcde8a;
  }

  private OneDnn() {}

  /**
   * Loads the natives outside of any pointer scope.
   *
   * @throws IllegalStateException unless the process was started with one OpenMP thread
   */
  static void start() {
    if (!"1".equals(System.getenv("OMP_NUM_THREADS"))) {
      throw new IllegalStateException(
          "training is repeatable on one thread only: start Java with OMP_NUM_THREADS=1");
    }
    if (ENGINE.isNull()) {
      throw new IllegalStateException("oneDNN gave no CPU engine");
    }
  }

  static memory.desc tensor(memory.format_tag tag, long... dimensions) {
    return new memory.desc(dimensions, memory.data_type.f32, tag);
  }

  /** Batch x channels x height x width in blocks of {@link #BLOCK} channels. */
  static memory.desc blocked(int batch, Shape shape) {
    return tensor(BLOCKED, batch, shape.channels(), shape.height(), shape.width());
  }

  /** Batch x channels x height x width, row-major. */
  static memory.desc plain(int batch, Shape shape) {
    return tensor(memory.format_tag.abcd, batch, shape.channels(), shape.height(), shape.width());
  }

  /** Rows x columns, row-major. */
  static memory.desc matrix(long rows, long columns) {
    return tensor(memory.format_tag.ab, rows, columns);
  }

  static memory.desc vector(long length) {
    return tensor(memory.format_tag.a, length);
  }

  /**
   * The same bytes as one vector: how elementwise code sees a tensor, because oneDNN falls back to
   * reference code where channels are padded. What they do keeps the padding zero.
   */
  static memory.desc elementwise(memory.desc format) {
    return vector(length(format));
  }

  static memory allocate(memory.desc format) {
    return new memory(format, ENGINE);
  }

  /** Another description of the same numbers. */
  static memory view(memory of, memory.desc format) {
    return new memory(format, ENGINE, of.get_data_handle());
  }

  static FloatPointer floats(memory of) {
    FloatPointer pointer = new FloatPointer(of.get_data_handle());
    long length = of.get_desc().get_size() / Float.BYTES;
    return pointer.capacity(length).limit(length);
  }

  /** Number of floats a description occupies, padding included. */
  static int length(memory.desc format) {
    return Math.toIntExact(format.get_size() / Float.BYTES);
  }

  /** Whether oneDNN found no better than its slow reference code, up to 1000 times slower. */
  static boolean isReference(primitive_desc_base description) {
    return description.impl_info_str().getString().contains("ref");
  }
}
