package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_pooling_avg_exclude_padding;

import io.skyline.architecture.Shape;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.pooling_forward;

/** A gate of one number a channel. Sums over positions are means, by pooling, times their count. */
record ChannelSpread(Graph graph, Tensor input, Tensor gate) implements GateOp.Spread {
  @Override
  public Examplewise products() {
    Shape shape = input.shape;
    // what pads the last block counts as channels here: zero times zero
    int channels = ChannelCopy.blocks(input, OneDnn.BLOCK) * OneDnn.BLOCK;
    return new Examplewise(
        graph.batch(),
        OneDnn.blocked(1, new Shape(channels, shape.height(), shape.width())),
        OneDnn.blocked(1, Shape.flat(channels)));
  }

  @Override
  public memory factors(String name) {
    return gate.value;
  }

  @Override
  public void sum(String name, memory values, memory sums) {
    planMean(name, values, sums);
    planScale(name, OneDnn.view(sums, OneDnn.elementwise(gate.format)));
  }

  private void planMean(String name, memory from, memory to) {
    long[] window = {input.shape.height(), input.shape.width()};
    long[] none = {0, 0};
    var description =
        new pooling_forward.primitive_desc(
            new pooling_forward.desc(
                dnnl_forward_inference,
                dnnl_pooling_avg_exclude_padding,
                input.format,
                gate.format,
                window,
                window,
                none,
                none),
            OneDnn.ENGINE);
    graph
        .backwardProgram()
        .add(
            name,
            description,
            new pooling_forward(description),
            new IntMemoryMap().put(DNNL_ARG_SRC, from).put(DNNL_ARG_DST, to));
  }

  private void planScale(String name, memory mean) {
    float positions = (float) input.shape.height() * input.shape.width();
    var description =
        new eltwise_forward.primitive_desc(
            new eltwise_forward.desc(
                dnnl_forward_inference, dnnl_eltwise_linear, mean.get_desc(), positions, 0f),
            OneDnn.ENGINE);
    graph
        .backwardProgram()
        .add(
            name,
            description,
            new eltwise_forward(description),
            new IntMemoryMap().put(DNNL_ARG_SRC, mean).put(DNNL_ARG_DST, mean));
  }
}
