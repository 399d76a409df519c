package io.skyline.worker.train;

import io.skyline.architecture.Node;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/** All channels of a position times a number of its own. */
final class SpatialGateOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Tensor input;
  private final Tensor gate;
  private final Tensor output;
  private final int plane;
  private final int blocks;
  private final memory spreadGate;
  private final Examplewise products;

  SpatialGateOp(Graph graph, Node node, Tensor input, Tensor gate) {
    this.graph = graph;
    this.node = node;
    this.input = input;
    this.gate = gate;
    output = graph.tensor(input.shape, input.layout, input.needsGradient || gate.needsGradient);
    plane = Math.toIntExact(gate.shape.elements() * OneDnn.BLOCK);
    blocks = ChannelCopy.blocks(input, OneDnn.BLOCK);
    spreadGate = graph.allocate(OneDnn.matrix(graph.batch(), plane));
    FloatPointer from = OneDnn.floats(gate.value);
    FloatPointer to = OneDnn.floats(spreadGate);
    float[] map = new float[plane / OneDnn.BLOCK];
    float[] block = new float[plane];
    graph
        .forwardProgram()
        .add(
            node.name() + " gate",
            () -> {
              for (int example = 0; example < graph.batch(); example++) {
                from.position((long) example * map.length).get(map, 0, map.length);
                Lanes.spread(map, block, OneDnn.BLOCK);
                to.position((long) example * plane).put(block, 0, plane);
              }
            });
    products =
        new Examplewise(graph.batch(), OneDnn.matrix(blocks, plane), OneDnn.matrix(1, plane));
    products.multiply(graph.forwardProgram(), node.name(), input.value, spreadGate, output.value);
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
          spreadGate,
          into.as(input.format));
      output.gradient().release();
      Gradients.contribute(graph, input, into);
    } else {
      output.gradient().release();
    }
  }

  private void planGateGradient() {
    Program program = graph.backwardProgram();
    String name = node.name() + " gate gradient";
    Buffers.Buffer products = graph.buffers().take(input.format);
    memory product = products.as(input.format);
    Examplewise.product(
        program, name, input.format, input.value, output.gradient().as(output.format), product);
    Buffers.Buffer into = Gradients.fresh(graph, gate);
    FloatPointer from = OneDnn.floats(product);
    FloatPointer to = OneDnn.floats(into.as(gate.format));
    float[] values = new float[plane];
    float[] sums = new float[plane];
    float[] map = new float[plane / OneDnn.BLOCK];
    program.add(
        name,
        () -> {
          for (int example = 0; example < graph.batch(); example++) {
            java.util.Arrays.fill(sums, 0f);
            for (int block = 0; block < blocks; block++) {
              long at = ((long) example * blocks + block) * plane;
              from.position(at).get(values, 0, plane);
              Lanes.add(sums, values);
            }
            Lanes.sum(sums, map, 1f);
            to.position((long) example * map.length).put(map, 0, map.length);
          }
        });
    products.release();
    Gradients.contribute(graph, gate, into);
  }
}
