package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_FROM;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_TO;

import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;

/** The same values in the other layout. */
final class LayoutOp implements Op {
  private final Graph graph;
  private final Tensor input;
  private final Tensor output;

  LayoutOp(Graph graph, Tensor input, Tensor.Layout layout) {
    this.graph = graph;
    this.input = input;
    output = graph.tensor(input.shape, layout, input.needsGradient);
    plan(graph.forwardProgram(), "layout", input.value, output.value);
  }

  /** Adds a rearrangement to a program. */
  static void plan(Program program, String name, memory from, memory to) {
    reorder.primitive_desc description = new reorder.primitive_desc(from, to);
    program.add(
        name,
        description,
        new reorder(description),
        new IntMemoryMap().put(DNNL_ARG_FROM, from).put(DNNL_ARG_TO, to));
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    if (!input.needsGradient) {
      return;
    }
    Buffers.Buffer gradient = Gradients.fresh(graph, input);
    plan(
        graph.backwardProgram(),
        "layout gradient",
        output.gradient().as(output.format),
        gradient.as(input.format));
    output.gradient().release();
    Gradients.contribute(graph, input, gradient);
  }
}
