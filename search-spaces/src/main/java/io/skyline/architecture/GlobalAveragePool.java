package io.skyline.architecture;

import java.util.List;

/** The mean of each channel: C x H x W becomes the flat vector C. */
public record GlobalAveragePool() implements Layer {
  @Override
  public Shape output(List<Shape> inputs) {
    return Shape.flat(Layer.only(inputs).channels());
  }
}
