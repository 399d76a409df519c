package io.skyline.architecture;

import java.util.List;

/**
 * The maximum or mean over all channels at each position: C x H x W becomes the map 1 x H x W
 * (CBAM's spatial attention, Woo et al. 2018, section 3).
 *
 * @param kind what is taken of the channels
 */
public record ChannelPooling(Pooling.Kind kind) implements Layer {
  @Override
  public Shape output(List<Shape> inputs) {
    Shape in = Layer.only(inputs);
    return new Shape(1, in.height(), in.width());
  }
}
