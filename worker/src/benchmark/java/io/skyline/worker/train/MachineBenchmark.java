package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import java.util.concurrent.TimeUnit;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the machine gives on one thread: the ceilings beside which ops are read. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MachineBenchmark {
  private static final int EXTENT = 1024;

  /** A tensor of 64 examples of 32 channels at 32x32. */
  private static final long COPIED_FLOATS = 64 * 32 * 32 * 32;

  static final double MATMUL_FLOPS = 2.0 * EXTENT * EXTENT * EXTENT;
  static final double COPIED_BYTES = 2.0 * COPIED_FLOATS * Float.BYTES;

  private matmul product;
  private IntMemoryMap factors;
  private FloatPointer from;
  private FloatPointer to;

  @Setup
  public void allocate() {
    OneDnn.start();
    memory.desc square = OneDnn.matrix(EXTENT, EXTENT);
    product =
        new matmul(
            new matmul.primitive_desc(new matmul.desc(square, square, square), OneDnn.ENGINE));
    factors =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, filled(square))
            .put(DNNL_ARG_WEIGHTS, filled(square))
            .put(DNNL_ARG_DST, filled(square));
    from = OneDnn.floats(filled(OneDnn.vector(COPIED_FLOATS)));
    to = OneDnn.floats(filled(OneDnn.vector(COPIED_FLOATS)));
  }

  private static memory filled(memory.desc format) {
    memory values = OneDnn.allocate(format);
    FloatPointer floats = OneDnn.floats(values);
    for (long i = 0; i < floats.limit(); i++) {
      floats.put(i, i % 7);
    }
    return values;
  }

  /** The peak of multiplications and additions, in single precision. */
  @Benchmark
  public void matmul() {
    product.execute(OneDnn.STREAM, factors);
  }

  /** Streaming a tensor of 8 MiB to another one. */
  @Benchmark
  public void copy() {
    Pointer.memcpy(to, from, COPIED_FLOATS * Float.BYTES);
  }
}
