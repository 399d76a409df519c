package io.skyline.space.block;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The blocks that a stage can repeat. Every convolution is followed by a batch normalization and,
 * but for those that end a residual branch, by the activation.
 */
public enum Block {
  /** One convolution. */
  CONV("conv", PlainBlocks::convolution, Knob.GROUPS, Knob.DILATION),
  /** A depthwise and a pointwise convolution (MobileNet, Howard et al. 2017). */
  SEPARABLE("separable", PlainBlocks::separable, Knob.DILATION),
  /** Expand, convolve depthwise, project (MobileNetV2, Sandler et al. 2018). */
  INVERTED("inverted", ResidualBlocks::inverted, Knob.EXPANSION, Knob.DILATION, Knob.DROP_PATH),
  /** Two convolutions and a shortcut (ResNet, He et al. 2016). */
  RESIDUAL("residual", ResidualBlocks::basic, Knob.GROUPS, Knob.DILATION, Knob.DROP_PATH),
  /** Reduce, convolve in groups, restore, and a shortcut (ResNeXt, Xie et al. 2017). */
  BOTTLENECK(
      "bottleneck",
      ResidualBlocks::bottleneck,
      Knob.SQUEEZE,
      Knob.GROUPS,
      Knob.DILATION,
      Knob.DROP_PATH),
  /** Squeeze, then 1x1 and larger kernels side by side (SqueezeNet, Iandola et al. 2016). */
  FIRE("fire", PlainBlocks::fire, Knob.SQUEEZE, Knob.DILATION),
  /** Grouped 1x1 convolutions around a shuffle (ShuffleNet, Zhang et al. 2018). */
  SHUFFLE_V1("shuffle-v1", ShuffleBlocks::first, Knob.GROUPS, Knob.DROP_PATH),
  /** Half of the channels pass, the other half is convolved (ShuffleNet v2, Ma et al. 2018). */
  SHUFFLE_V2("shuffle-v2", ShuffleBlocks::second),
  /** What is made joins what is read (DenseNet, Huang et al. 2017). */
  DENSE("dense", DenseBlocks::dense, Knob.GROWTH, Knob.DILATION),
  /** The same with grouped convolutions and a shuffle between (CondenseNet, Huang et al. 2018). */
  CONDENSE(
      "condense",
      DenseBlocks::condense,
      Knob.GROWTH,
      Knob.GROUPS,
      Knob.CONDENSATION,
      Knob.DILATION);

  private final String word;
  private final Form form;
  private final Set<Knob> knobs;

  /** How a block is laid down. */
  private interface Form {
    void lay(Draft draft, String name, BlockSettings settings, int stride);
  }

  Block(String word, Form form, Knob... knobs) {
    this.word = word;
    this.form = form;
    this.knobs = EnumSet.of(Knob.WIDTH, Knob.KERNEL, Knob.ATTENTION, Knob.REDUCTION);
    this.knobs.addAll(List.of(knobs));
  }

  /** The words of all blocks. */
  public static List<String> words() {
    return Arrays.stream(values()).map(block -> block.word).toList();
  }

  /** The block of a word. */
  public static Block of(String word) {
    return Arrays.stream(values())
        .filter(block -> block.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no block '" + word + "'"));
  }

  /** The word in YAML. */
  public String word() {
    return word;
  }

  /** Whether a knob makes a difference to it. */
  public boolean reads(Knob knob) {
    return knobs.contains(knob);
  }

  /** Whether a stage of it grows and ends in a 1x1 convolution to the stage's width. */
  boolean grows() {
    return knobs.contains(Knob.GROWTH);
  }

  /**
   * Adds one block to a network.
   *
   * @param name that all its layers begin with
   * @param stride 1, or 2 to halve the extent
   */
  void lay(Draft draft, String name, BlockSettings settings, int stride) {
    form.lay(draft, name, settings, stride);
  }
}
