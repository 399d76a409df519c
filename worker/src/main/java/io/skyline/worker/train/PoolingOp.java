package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_exclude_padding;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;

import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.jspecify.annotations.Nullable;

/**
 * Maximum or average over windows. Of equal maxima the first takes the gradient; an average counts
 * what lies inside the input.
 */
final class PoolingOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Tensor input;
  private final Tensor output;
  private final Window window;
  private final pooling_forward.primitive_desc description;
  private final @Nullable memory argmax;

  PoolingOp(Graph graph, Node node, Pooling pooling, Tensor input) {
    this(
        graph,
        node,
        input,
        Window.of(pooling, input.shape, graph.architecture().shape(node.name())));
  }

  /** The mean over all positions. */
  static PoolingOp global(Graph graph, Node node, Tensor input) {
    return new PoolingOp(graph, node, input, Window.whole(input.shape));
  }

  private PoolingOp(Graph graph, Node node, Tensor input, Window window) {
    this.graph = graph;
    this.node = node;
    this.input = input;
    this.window = window;
    output =
        graph.tensor(graph.architecture().shape(node.name()), input.layout, input.needsGradient);
    boolean remembers =
        input.needsGradient && window.algorithm == dnnl_pooling_max && !window.isHalving();
    description =
        new pooling_forward.primitive_desc(
            new pooling_forward.desc(
                remembers ? dnnl_forward_training : dnnl_forward_inference,
                window.algorithm,
                input.format,
                output.format,
                window.stride(),
                window.kernel(),
                window.before(),
                window.after()),
            OneDnn.ENGINE);
    argmax = remembers ? graph.allocate(description.workspace_desc()) : null;
    IntMemoryMap arguments =
        new IntMemoryMap().put(DNNL_ARG_SRC, input.value).put(DNNL_ARG_DST, output.value);
    if (argmax != null) {
      arguments.put(DNNL_ARG_WORKSPACE, argmax);
    }
    graph
        .forwardProgram()
        .add(node.name(), description, new pooling_forward(description), arguments);
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
    Buffers.Buffer into = Gradients.fresh(graph, input);
    if (window.isHalving()) {
      Runnable step =
          new MaxPoolGradient(
              input, output, output.gradient().as(output.format), into.as(input.format));
      graph.backwardProgram().add(node.name() + " gradient", step);
    } else {
      planGradient(into);
    }
    output.gradient().release();
    Gradients.contribute(graph, input, into);
  }

  private void planGradient(Buffers.Buffer into) {
    var backward =
        new pooling_backward.primitive_desc(
            new pooling_backward.desc(
                window.algorithm,
                input.format,
                output.format,
                window.stride(),
                window.kernel(),
                window.before(),
                window.after()),
            OneDnn.ENGINE,
            description);
    IntMemoryMap arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_DIFF_DST, output.gradient().as(output.format))
            .put(DNNL_ARG_DIFF_SRC, into.as(input.format));
    if (argmax != null) {
      arguments.put(DNNL_ARG_WORKSPACE, argmax);
    }
    graph
        .backwardProgram()
        .add(node.name() + " gradient", backward, new pooling_backward(backward), arguments);
  }

  /**
   * A pooling's window in oneDNN's terms.
   *
   * @param afterRows rows by which the last window exceeds the input; negative if it stops short
   */
  private record Window(
      int algorithm,
      int height,
      int width,
      int strideDown,
      int strideRight,
      int padding,
      int afterRows,
      int afterColumns) {
    static Window of(Pooling pooling, Shape in, Shape out) {
      return new Window(
          pooling.kind() == Pooling.Kind.MAX ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding,
          pooling.kernel(),
          pooling.kernel(),
          pooling.stride(),
          pooling.stride(),
          pooling.padding(),
          after(pooling, in.height(), out.height()),
          after(pooling, in.width(), out.width()));
    }

    static Window whole(Shape in) {
      int height = in.height();
      int width = in.width();
      return new Window(dnnl_pooling_avg_exclude_padding, height, width, height, width, 0, 0, 0);
    }

    private static int after(Pooling pooling, int extent, int positions) {
      return (positions - 1) * pooling.stride() + pooling.kernel() - extent - pooling.padding();
    }

    /** Whether it is a 2x2 maximum with stride 2, which {@link MaxPoolGradient} is for. */
    boolean isHalving() {
      return algorithm == dnnl_pooling_max && height == 2 && strideDown == 2 && padding == 0;
    }

    long[] kernel() {
      return new long[] {height, width};
    }

    long[] stride() {
      return new long[] {strideDown, strideRight};
    }

    long[] before() {
      return new long[] {padding, padding};
    }

    long[] after() {
      return new long[] {afterRows, afterColumns};
    }
  }
}
