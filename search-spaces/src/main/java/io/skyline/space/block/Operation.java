package io.skyline.space.block;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Pooling;
import java.util.Arrays;
import java.util.List;

/**
 * One operation of a cell or layer that is searched edge by edge (ENAS, Pham et al. 2018): it keeps
 * the channels, and with stride 2 halves the extent, odd ones upwards.
 */
public enum Operation {
  /** The input itself; with stride 2 a 1x1 convolution. */
  IDENTITY("identity"),
  CONV_3("conv3"),
  CONV_5("conv5"),
  /** A depthwise and a pointwise convolution. */
  SEPARABLE_3("sep3"),
  SEPARABLE_5("sep5"),
  /** A separable convolution over every other position, 5x5 in all. */
  DILATED_3("dil3"),
  AVERAGE_3("avg3"),
  MAX_3("max3");

  private final String word;

  Operation(String word) {
    this.word = word;
  }

  /** The words of all operations. */
  public static List<String> words() {
    return Arrays.stream(values()).map(operation -> operation.word).toList();
  }

  /** The operation of a word. */
  public static Operation of(String word) {
    return Arrays.stream(values())
        .filter(operation -> operation.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no operation '" + word + "'"));
  }

  /**
   * Applies it to an earlier layer; gives the name of what comes out, which is the input's where
   * nothing is to be done.
   */
  public String lay(Draft draft, String name, String input, int stride, Activation activation) {
    draft.from(input);
    int channels = draft.channels();
    return switch (this) {
      case IDENTITY ->
          stride == 1
              ? input
              : draft.normalized(name, new Convolution(channels, 1, stride, 0, 1, false));
      case CONV_3 -> draft.activated(name, Convolution.same(channels, 3, stride), activation);
      case CONV_5 -> draft.activated(name, Convolution.same(channels, 5, stride), activation);
      case SEPARABLE_3 ->
          separable(draft, name, Convolution.depthwise(channels, 3, stride), activation);
      case SEPARABLE_5 ->
          separable(draft, name, Convolution.depthwise(channels, 5, stride), activation);
      case DILATED_3 ->
          separable(
              draft, name, new Convolution(channels, 3, stride, 2, 2, channels, false), activation);
      case AVERAGE_3 -> draft.add(name, new Pooling(Pooling.Kind.AVERAGE, 3, stride, 1));
      case MAX_3 -> draft.add(name, new Pooling(Pooling.Kind.MAX, 3, stride, 1));
    };
  }

  private static String separable(
      Draft draft, String name, Convolution depthwise, Activation activation) {
    draft.activated(name + "_dw", depthwise, activation);
    return draft.activated(name, Convolution.pointwise(depthwise.outputs()), activation);
  }
}
