package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.memory;

/** How gradients pass from reader to producer: handed on, overwritten in place, or summed up. */
final class Gradients {
  private Gradients() {}

  /**
   * A buffer for a gradient of the size of {@code output}'s: the very same if nobody else needs the
   * old numbers, else a new one. Held by the caller.
   */
  static Buffers.Buffer overwriting(Graph graph, Tensor output) {
    Buffers.Buffer own = output.gradient();
    return own.isShared() ? graph.buffers().take(output.format) : own.retain();
  }

  /** A new buffer for a gradient of {@code tensor}, held by the caller. */
  static Buffers.Buffer fresh(Graph graph, Tensor tensor) {
    return graph.buffers().take(tensor.format);
  }

  /** Adds to the gradient of {@code tensor}, taking over the caller's hold on {@code part}. */
  static void contribute(Graph graph, Tensor tensor, Buffers.Buffer part) {
    if (!tensor.hasGradient()) {
      tensor.setGradient(part);
      return;
    }
    Buffers.Buffer before = tensor.gradient();
    Buffers.Buffer sum = part.isShared() ? graph.buffers().take(tensor.format) : part.retain();
    memory.desc elements = OneDnn.elementwise(tensor.format);
    binary.primitive_desc description =
        new binary.primitive_desc(
            new binary.desc(dnnl_binary_add, elements, elements, elements), OneDnn.ENGINE);
    graph
        .backwardProgram()
        .add(
            "sum of gradients",
            description,
            new binary(description),
            new IntMemoryMap()
                .put(DNNL_ARG_SRC_0, part.as(elements))
                .put(DNNL_ARG_SRC_1, before.as(elements))
                .put(DNNL_ARG_DST, sum.as(elements)));
    part.release();
    before.release();
    tensor.setGradient(sum);
  }
}
