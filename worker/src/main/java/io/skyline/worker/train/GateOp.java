package io.skyline.worker.train;

import io.skyline.architecture.Node;
import org.bytedeco.dnnl.memory;

/**
 * Values times a gate that is smaller: every number of it holds for all positions of a channel or
 * for all channels of a position.
 */
final class GateOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Tensor input;
  private final Tensor gate;
  private final Tensor output;
  private final Spread spread;
  private final Examplewise products;
  private final memory factors;

  /** How a gate's numbers belong to the values. */
  sealed interface Spread permits ChannelSpread, SpatialSpread {
    /** Products of values and gate, which is broadcast. */
    Examplewise products();

    /** Plans what makes of the gate the factors of {@link #products}; returns these. */
    memory factors(String name);

    /**
     * Plans the sum, for each of the gate's numbers, of the values that it belongs to.
     *
     * @param values in the input's format
     * @param sums in the gate's
     */
    void sum(String name, memory values, memory sums);
  }

  private GateOp(Graph graph, Node node, Tensor input, Tensor gate, Spread spread) {
    this.graph = graph;
    this.node = node;
    this.input = input;
    this.gate = gate;
    this.spread = spread;
    output = graph.tensor(input.shape, input.layout, input.needsGradient || gate.needsGradient);
    factors = spread.factors(node.name() + " gate");
    products = spread.products();
    products.multiply(graph.forwardProgram(), node.name(), input.value, factors, output.value);
  }

  /** Each channel times a number of its own; both tensors are blocked. */
  static GateOp ofChannels(Graph graph, Node node, Tensor input, Tensor gate) {
    return new GateOp(graph, node, input, gate, new ChannelSpread(graph, input, gate));
  }

  /** Each position times a number of its own; the input is blocked, the gate plain. */
  static GateOp ofPositions(Graph graph, Node node, Tensor input, Tensor gate) {
    return new GateOp(graph, node, input, gate, new SpatialSpread(graph, input, gate));
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    if (gate.needsGradient) {
      planGateGradient();
    }
    if (input.needsGradient) {
      Buffers.Buffer into = Gradients.overwriting(graph, output);
      products.multiply(
          graph.backwardProgram(),
          node.name() + " input gradient",
          output.gradient().as(output.format),
          factors,
          into.as(input.format));
      output.gradient().release();
      Gradients.contribute(graph, input, into);
    } else {
      output.gradient().release();
    }
  }

  private void planGateGradient() {
    String name = node.name() + " gate gradient";
    Buffers.Buffer product = graph.buffers().take(input.format);
    Examplewise.product(
        graph.backwardProgram(),
        name,
        input.format,
        input.value,
        output.gradient().as(output.format),
        product.as(input.format));
    Buffers.Buffer into = Gradients.fresh(graph, gate);
    spread.sum(name, product.as(input.format), into.as(gate.format));
    product.release();
    Gradients.contribute(graph, gate, into);
  }
}
