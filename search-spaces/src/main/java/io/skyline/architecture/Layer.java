package io.skyline.architecture;

import java.util.List;

/**
 * What a node of a network does to its inputs; immutable, without weights.
 *
 * <p>Each record knows its own shape rule and the parameters it owns; cost, training, export and
 * the reference engine switch over the records.
 */
public sealed interface Layer
    permits Activation,
        Add,
        BatchNorm,
        ChannelPooling,
        Concat,
        Convolution,
        Dense,
        DropPath,
        Dropout,
        FakeQuantization,
        Flatten,
        Glimpse,
        GlobalAveragePool,
        LearnedGroupConvolution,
        Multiply,
        Pooling,
        Select,
        Shuffle,
        Slice,
        SoftArgmax {

  /**
   * The shape of the output for inputs of these shapes.
   *
   * @throws InvalidArchitectureException if the layer cannot take them, with the reason
   */
  Shape output(List<Shape> inputs);

  /** The tensors this layer owns, in a fixed order, for inputs of these shapes. */
  default List<Parameter> parameters(List<Shape> inputs) {
    return List.of();
  }

  /** The single input of a layer that takes exactly one. */
  static Shape only(List<Shape> inputs) {
    if (inputs.size() != 1) {
      throw new InvalidArchitectureException("takes one input, not " + inputs.size());
    }
    return inputs.get(0);
  }
}
