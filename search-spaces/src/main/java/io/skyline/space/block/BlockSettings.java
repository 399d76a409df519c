package io.skyline.space.block;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Convolution;
import java.util.Map;

/**
 * What the blocks of one stage are like.
 *
 * @param values of the knobs; those left out are preset
 * @param activation after every convolution but those that end a residual branch
 */
public record BlockSettings(Map<Knob, String> values, Activation activation) {
  public BlockSettings {
    values = Map.copyOf(values);
  }

  String word(Knob knob) {
    return values.getOrDefault(knob, knob.preset());
  }

  int integer(Knob knob) {
    return Integer.parseInt(word(knob));
  }

  double number(Knob knob) {
    return Double.parseDouble(word(knob));
  }

  int width() {
    return integer(Knob.WIDTH);
  }

  int groups() {
    return integer(Knob.GROUPS);
  }

  /** A convolution with this stage's kernel that keeps the extent at stride 1. */
  Convolution spatial(int outputs, int stride, int groups) {
    int kernel = integer(Knob.KERNEL);
    int dilation = integer(Knob.DILATION);
    return new Convolution(outputs, kernel, stride, kernel / 2 * dilation, dilation, groups, false);
  }

  /** A depthwise convolution with this stage's kernel. */
  Convolution depthwise(int channels, int stride) {
    return spatial(channels, stride, channels);
  }

  /** A 1x1 convolution in groups. */
  static Convolution pointwise(int outputs, int groups) {
    return new Convolution(outputs, 1, 1, 0, groups, false);
  }
}
