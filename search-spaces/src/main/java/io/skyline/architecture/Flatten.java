package io.skyline.architecture;

import java.util.List;

/** C x H x W read as one flat vector in channel, row, column order. */
public record Flatten() implements Layer {
  @Override
  public Shape output(List<Shape> inputs) {
    return Shape.flat(Math.toIntExact(Layer.only(inputs).elements()));
  }
}
