package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_exclude_padding;

import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;

/**
 * Each channel times a number of its own. The gate's gradient is the sum of input times gradient
 * over the positions, which pooling computes as a mean.
 */
final class ChannelGateOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Tensor input;
  private final Tensor gate;
  private final Tensor output;
  private final Examplewise products;

  ChannelGateOp(Graph graph, Node node, Tensor input, Tensor gate) {
    this.graph = graph;
    this.node = node;
    this.input = input;
    this.gate = gate;
    output = graph.tensor(input.shape, input.layout, input.needsGradient || gate.needsGradient);
    Shape shape = input.shape;
    // what pads the last block counts as channels here: zero times zero
    int channels = ChannelCopy.blocks(input, OneDnn.BLOCK) * OneDnn.BLOCK;
    products =
        new Examplewise(
            graph.batch(),
            OneDnn.blocked(1, new Shape(channels, shape.height(), shape.width())),
            OneDnn.blocked(1, Shape.flat(channels)));
    products.multiply(graph.forwardProgram(), node.name(), input.value, gate.value, output.value);
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
          gate.value,
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
    planMean(program, name, product, into.as(gate.format));
    planScale(program, name, into.as(OneDnn.elementwise(gate.format)));
    products.release();
    Gradients.contribute(graph, gate, into);
  }

  private void planMean(Program program, String name, memory from, memory to) {
    long[] window = {input.shape.height(), input.shape.width()};
    var description =
        new pooling_forward.primitive_desc(
            new pooling_forward.desc(
                dnnl_forward_inference,
                dnnl_pooling_avg_exclude_padding,
                input.format,
                gate.format,
                window,
                window,
                new long[] {0, 0},
                new long[] {0, 0}),
            OneDnn.ENGINE);
    program.add(
        name,
        description,
        new pooling_forward(description),
        new IntMemoryMap().put(DNNL_ARG_SRC, from).put(DNNL_ARG_DST, to));
  }

  private void planScale(Program program, String name, memory mean) {
    float positions = (float) input.shape.height() * input.shape.width();
    var description =
        new eltwise_forward.primitive_desc(
            new eltwise_forward.desc(
                dnnl_forward_inference,
                dnnl_eltwise_linear,
                OneDnn.elementwise(gate.format),
                positions,
                0f),
            OneDnn.ENGINE);
    program.add(
        name,
        description,
        new eltwise_forward(description),
        new IntMemoryMap().put(DNNL_ARG_SRC, mean).put(DNNL_ARG_DST, mean));
  }
}
