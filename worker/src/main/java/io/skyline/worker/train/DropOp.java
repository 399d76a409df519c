package io.skyline.worker.train;

import io.skyline.architecture.Node;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.IntPointer;

/**
 * Dropout and stochastic depth in training: values, or whole examples, times zero or 1 / (1 -
 * rate), the same factors backwards.
 */
final class DropOp implements Op {
  private static final int CHUNK = 4096;

  private final Graph graph;
  private final Node node;
  private final boolean wholeExamples;
  private final Tensor input;
  private final Tensor output;
  private final memory.desc format;
  private final memory factors;
  private final Noise noise;
  private long step;

  DropOp(Graph graph, Node node, double rate, boolean wholeExamples, Tensor input) {
    this.graph = graph;
    this.node = node;
    this.wholeExamples = wholeExamples;
    this.input = input;
    output = graph.tensor(input.shape, input.layout, input.needsGradient);
    int layer = graph.architecture().nodes().indexOf(node);
    step = graph.firstStep();
    noise = new Noise(graph.seed(), layer, rate);
    format = wholeExamples ? OneDnn.matrix(graph.batch(), 1) : input.format;
    factors = graph.allocate(format);
    graph.forwardProgram().add(node.name() + " draw", draw((float) (1 / (1 - rate))));
    plan(graph.forwardProgram(), node.name(), input.value, output.value);
  }

  private Runnable draw(float kept) {
    int places = OneDnn.length(format);
    IntPointer to = new IntPointer(factors.get_data_handle());
    int[] bits = new int[Math.min(places, CHUNK)];
    return () -> {
      int base = noise.base(step++);
      for (int place = 0; place < places; place += bits.length) {
        noise.fill(base, place, kept, bits);
        to.position(place).put(bits, 0, Math.min(bits.length, places - place));
      }
    };
  }

  private void plan(Program program, String name, memory from, memory to) {
    if (wholeExamples) {
      int length = OneDnn.length(input.format) / graph.batch();
      new Examplewise(graph.batch(), OneDnn.matrix(1, length), OneDnn.matrix(1, 1))
          .multiply(program, name, from, factors, to);
    } else {
      Examplewise.product(program, name, input.format, from, factors, to);
    }
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
    Buffers.Buffer into = Gradients.overwriting(graph, output);
    plan(
        graph.backwardProgram(),
        node.name() + " gradient",
        output.gradient().as(output.format),
        into.as(input.format));
    output.gradient().release();
    Gradients.contribute(graph, input, into);
  }
}
