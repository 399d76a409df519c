package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_exclude_padding;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_max;

import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;

/**
 * Maximum or average over windows. Of equal maxima the first takes the gradient; an average counts
 * what lies inside the input.
 */
final class PoolingOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Tensor input;
  private final Tensor output;
  private final Windows windows;
  private final pooling_forward.primitive_desc description;

  PoolingOp(Graph graph, Node node, Pooling pooling, Tensor input) {
    this(
        graph,
        node,
        input,
        Windows.of(pooling, input.shape, graph.architecture().shape(node.name())));
  }

  /** The mean over all positions. */
  static PoolingOp global(Graph graph, Node node, Tensor input) {
    return new PoolingOp(graph, node, input, Windows.whole(input.shape));
  }

  private PoolingOp(Graph graph, Node node, Tensor input, Windows windows) {
    this.graph = graph;
    this.node = node;
    this.input = input;
    this.windows = windows;
    output =
        graph.tensor(graph.architecture().shape(node.name()), input.layout, input.needsGradient);
    description =
        new pooling_forward.primitive_desc(
            new pooling_forward.desc(
                dnnl_forward_inference,
                windows.algorithm,
                input.format,
                output.format,
                windows.strides(),
                windows.kernels(),
                windows.before(),
                windows.after()),
            OneDnn.ENGINE);
    IntMemoryMap arguments =
        new IntMemoryMap().put(DNNL_ARG_SRC, input.value).put(DNNL_ARG_DST, output.value);
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
    memory outputGradient = output.gradient().as(output.format);
    memory inputGradient = into.as(input.format);
    if (windows.algorithm == dnnl_pooling_max) {
      graph
          .backwardProgram()
          .add(node.name() + " gradient", ofMaxima(outputGradient, inputGradient));
    } else {
      planMean(outputGradient, inputGradient);
    }
    output.gradient().release();
    Gradients.contribute(graph, input, into);
  }

  private Runnable ofMaxima(memory outputGradient, memory inputGradient) {
    return windows.isHalving()
        ? new MaxPoolGradient(windows.rows.kernel(), input, output, outputGradient, inputGradient)
        : new OverlappingMaxGradient(
            windows.rows, windows.columns, input, output, outputGradient, inputGradient);
  }

  private void planMean(memory outputGradient, memory inputGradient) {
    var backward =
        new pooling_backward.primitive_desc(
            new pooling_backward.desc(
                windows.algorithm,
                input.format,
                output.format,
                windows.strides(),
                windows.kernels(),
                windows.before(),
                windows.after()),
            OneDnn.ENGINE,
            description);
    IntMemoryMap arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_DIFF_DST, outputGradient)
            .put(DNNL_ARG_DIFF_SRC, inputGradient);
    graph
        .backwardProgram()
        .add(node.name() + " gradient", backward, new pooling_backward(backward), arguments);
  }

  /**
   * A pooling in oneDNN's terms.
   *
   * @param rows the window along the height
   * @param columns the window along the width
   */
  private record Windows(int algorithm, Window rows, Window columns, Shape in, Shape out) {
    static Windows of(Pooling pooling, Shape in, Shape out) {
      int algorithm =
          pooling.kind() == Pooling.Kind.MAX ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding;
      return new Windows(algorithm, pooling.rows(), pooling.columns(), in, out);
    }

    static Windows whole(Shape in) {
      return new Windows(
          dnnl_pooling_avg_exclude_padding,
          new Window(in.height(), in.height(), 0, 1),
          new Window(in.width(), in.width(), 0, 1),
          in,
          Shape.flat(in.channels()));
    }

    /** Whether it is a maximum of 2x2 or 1x2, which {@link MaxPoolGradient} is for. */
    boolean isHalving() {
      return algorithm == dnnl_pooling_max
          && columns.equals(new Window(2, 2, 0, 1))
          && (rows.equals(columns) || rows.equals(new Window(1, 1, 0, 1)));
    }

    long[] kernels() {
      return new long[] {rows.kernel(), columns.kernel()};
    }

    long[] strides() {
      return new long[] {rows.stride(), columns.stride()};
    }

    long[] before() {
      return new long[] {rows.padding(), columns.padding()};
    }

    long[] after() {
      return new long[] {
        rows.after(in.height(), out.height()), columns.after(in.width(), out.width())
      };
    }
  }
}
