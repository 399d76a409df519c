package io.skyline.worker.train;

import io.skyline.architecture.Shape;
import java.util.BitSet;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/**
 * The values of one node for a whole batch and, while the backward pass is planned, their gradient.
 */
final class Tensor implements Value {
  /** The order of the numbers. */
  enum Layout {
    /** Blocks of {@link OneDnn#BLOCK} channels: what convolutions are fast on. */
    BLOCKED,
    /** Batch, channel, row, column: what a flat vector and the outside world use. */
    PLAIN
  }

  final Shape shape;
  final Layout layout;
  final memory.desc format;
  final memory value;
  final boolean needsGradient;
  private Buffers.@Nullable Buffer gradient;
  private @Nullable BitSet givenChannels;
  private @Nullable Tensor converted;

  Tensor(Shape shape, Layout layout, memory.desc format, memory value, boolean needsGradient) {
    this.shape = shape;
    this.layout = layout;
    this.format = format;
    this.value = value;
    this.needsGradient = needsGradient;
  }

  @Override
  public Shape shape() {
    return shape;
  }

  @Override
  public boolean needsGradient() {
    return needsGradient;
  }

  /** The gradient, complete once every reader has planned its backward pass. */
  Buffers.Buffer gradient() {
    if (gradient == null) {
      throw new IllegalStateException("no reader has given a gradient");
    }
    return gradient;
  }

  boolean hasGradient() {
    return gradient != null;
  }

  /** Takes over the caller's hold on the buffer. */
  void setGradient(Buffers.Buffer buffer) {
    gradient = buffer;
    givenChannels = null;
  }

  /**
   * The channels whose gradient is there so far, all unless someone gave a part; to be added to.
   */
  BitSet givenChannels() {
    BitSet given = givenChannels;
    if (given == null) {
      given = new BitSet();
      given.set(0, shape.channels());
    }
    return given;
  }

  /** Tells that the gradient has these channels only, and zeros elsewhere. */
  void setGivenChannels(BitSet channels) {
    givenChannels = channels;
  }

  /** The same values in the other layout, if some reader asked for them before. */
  @Nullable Tensor converted() {
    return converted;
  }

  void setConverted(Tensor tensor) {
    converted = tensor;
  }
}
