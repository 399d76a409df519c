package io.skyline.worker.train;

import io.skyline.architecture.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Copies channels of tensors of one layout side by side; the gradients go back to where the
 * channels came from.
 *
 * <p>Several ops may each give back the gradient of some channels of one tensor, as in a ShuffleNet
 * stage: they share its buffer, and channels that no earlier one gave are written, not summed.
 */
final class GatherOp implements Op {
  private final Graph graph;
  private final Map<Tensor, List<ChannelCopy.Move>> moves = new LinkedHashMap<>();
  private final Tensor output;
  private final int block;

  /**
   * @param channels one for each channel of the output
   */
  GatherOp(Graph graph, Shape shape, List<Selection.Channel> channels) {
    this.graph = graph;
    Tensor.Layout layout = channels.get(0).tensor().layout;
    boolean needsGradient = channels.stream().anyMatch(c -> c.tensor().needsGradient);
    output = graph.tensor(shape, layout, needsGradient);
    block = layout == Tensor.Layout.BLOCKED ? OneDnn.BLOCK : 1;
    for (int c = 0; c < channels.size(); c++) {
      moves
          .computeIfAbsent(channels.get(c).tensor(), key -> new ArrayList<>())
          .add(new ChannelCopy.Move(channels.get(c).index(), c, false));
    }
    BitSet started = new BitSet();
    moves.forEach(
        (source, list) -> {
          var copy =
              new ChannelCopy(source, source.value, output, output.value, list, started::get);
          graph.forwardProgram().add("gather", copy);
          list.forEach(move -> started.set(move.to() / block));
        });
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    if (!output.needsGradient) {
      return;
    }
    moves.forEach(
        (source, list) -> {
          if (source.needsGradient) {
            planGradient(source, list);
          }
        });
    output.gradient().release();
  }

  private void planGradient(Tensor source, List<ChannelCopy.Move> list) {
    boolean joins = source.hasGradient() && !source.gradient().isShared();
    Buffers.Buffer into = joins ? source.gradient() : Gradients.fresh(graph, source);
    BitSet given = joins ? source.givenChannels() : new BitSet();
    BitSet touched = new BitSet();
    List<ChannelCopy.Move> back = new ArrayList<>();
    for (ChannelCopy.Move move : list) {
      int channel = move.from();
      back.add(new ChannelCopy.Move(move.to(), channel, given.get(channel)));
      given.set(channel);
      touched.set(channel / block);
    }
    memory target = into.as(source.format);
    if (!joins) {
      planZeros(source, target, touched);
    }
    boolean starts = !joins;
    graph
        .backwardProgram()
        .add(
            "gather gradient",
            new ChannelCopy(
                output,
                output.gradient().as(output.format),
                source,
                target,
                back,
                unit -> !starts));
    if (!joins) {
      boolean first = !source.hasGradient();
      Gradients.contribute(graph, source, into);
      if (first) {
        source.setGivenChannels(given);
      }
    }
  }

  /** Zeros for the blocks of channels that this op does not give. */
  private void planZeros(Tensor source, memory target, BitSet touched) {
    int blocks = ChannelCopy.blocks(source, block);
    if (touched.cardinality() == blocks) {
      return;
    }
    long bytes = source.format.get_size() / graph.batch() / blocks;
    BytePointer pointer = new BytePointer(target.get_data_handle());
    graph
        .backwardProgram()
        .add(
            "gather zeros",
            () -> {
              for (int example = 0; example < graph.batch(); example++) {
                for (int unit = touched.nextClearBit(0);
                    unit < blocks;
                    unit = touched.nextClearBit(unit + 1)) {
                  Pointer.memset(
                      pointer.position(((long) example * blocks + unit) * bytes), 0, bytes);
                }
              }
            });
  }
}
