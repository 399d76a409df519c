package io.skyline.worker.train;

import io.skyline.architecture.Node;
import io.skyline.architecture.SoftArgmax;
import org.bytedeco.javacpp.FloatPointer;

/** The mean place of each example's cells, weighed by the softmax of their scores. */
final class SoftArgmaxOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Tensor scores;
  private final Tensor output;
  private final double[] rightwards;
  private final double[] downwards;
  private final double[] weights;
  private final float[] values;
  private final float[] place = new float[2];

  SoftArgmaxOp(Graph graph, Node node, SoftArgmax layer, Tensor scores) {
    this.graph = graph;
    this.node = node;
    this.scores = scores;
    output =
        graph.tensor(
            graph.architecture().shape(node.name()), Tensor.Layout.PLAIN, scores.needsGradient);
    int height = scores.shape.height();
    int width = scores.shape.width();
    values = new float[height * width];
    weights = new double[values.length];
    rightwards = new double[values.length];
    downwards = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      rightwards[i] = layer.place(i % width, width);
      downwards[i] = layer.place(i / width, height);
    }
    FloatPointer from = OneDnn.floats(scores.value);
    FloatPointer to = OneDnn.floats(output.value);
    graph
        .forwardProgram()
        .add(
            node.name(),
            () -> {
              for (int example = 0; example < graph.batch(); example++) {
                weigh(from, example);
                place[0] = (float) mean(rightwards);
                place[1] = (float) mean(downwards);
                to.position(2L * example).put(place, 0, 2);
              }
            });
  }

  private void weigh(FloatPointer from, int example) {
    from.position((long) example * values.length).get(values, 0, values.length);
    double largest = values[0];
    for (float value : values) {
      largest = Math.max(largest, value);
    }
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      weights[i] = Math.exp(values[i] - largest);
      sum += weights[i];
    }
    for (int i = 0; i < values.length; i++) {
      weights[i] /= sum;
    }
  }

  private double mean(double[] places) {
    double mean = 0;
    for (int i = 0; i < places.length; i++) {
      mean += weights[i] * places[i];
    }
    return mean;
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    if (!scores.needsGradient) {
      return;
    }
    Buffers.Buffer into = Gradients.fresh(graph, scores);
    FloatPointer from = OneDnn.floats(scores.value);
    FloatPointer by = OneDnn.floats(output.gradient().as(output.format));
    FloatPointer to = OneDnn.floats(into.as(scores.format));
    graph
        .backwardProgram()
        .add(
            node.name() + " gradient",
            () -> {
              for (int example = 0; example < graph.batch(); example++) {
                weigh(from, example);
                by.position(2L * example).get(place, 0, 2);
                double right = mean(rightwards);
                double down = mean(downwards);
                for (int i = 0; i < values.length; i++) {
                  double pull =
                      place[0] * (rightwards[i] - right) + place[1] * (downwards[i] - down);
                  values[i] = (float) (weights[i] * pull);
                }
                to.position((long) example * values.length).put(values, 0, values.length);
              }
            });
    output.gradient().release();
    Gradients.contribute(graph, scores, into);
  }
}
