package io.skyline.architecture;

import java.util.List;

/**
 * The channels of two or more inputs one after the other, in the inputs' order: C1 x H x W, C2 x H
 * x W, ... become (C1 + C2 + ...) x H x W. Flat vectors are joined the same way.
 */
public record Concat() implements Layer {
  @Override
  public Shape output(List<Shape> inputs) {
    if (inputs.size() < 2) {
      throw new InvalidArchitectureException("joins two or more inputs, not " + inputs.size());
    }
    Shape first = inputs.get(0);
    int channels = 0;
    for (Shape shape : inputs) {
      if (shape.height() != first.height() || shape.width() != first.width()) {
        throw new InvalidArchitectureException("joins maps of one height and width, not " + inputs);
      }
      channels = Math.addExact(channels, shape.channels());
    }
    return new Shape(channels, first.height(), first.width());
  }
}
