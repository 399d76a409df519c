package io.skyline.worker.train;

import io.skyline.architecture.Shape;

/** The same numbers under another shape or layout, where both agree byte for byte. */
final class ViewOp implements Op {
  private final Graph graph;
  private final Tensor input;
  private final Tensor output;

  ViewOp(Graph graph, Tensor input, Shape shape, Tensor.Layout layout) {
    this.graph = graph;
    this.input = input;
    var format =
        layout == Tensor.Layout.BLOCKED
            ? OneDnn.blocked(graph.batch(), shape)
            : OneDnn.plain(graph.batch(), shape);
    output =
        new Tensor(shape, layout, format, OneDnn.view(input.value, format), input.needsGradient);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    if (input.needsGradient) {
      // The output held it; now the input does.
      Gradients.contribute(graph, input, output.gradient());
    }
  }
}
