package io.skyline.architecture;

import java.util.List;

/** The elementwise sum of two inputs of one shape: a residual connection. */
public record Add() implements Layer {
  @Override
  public Shape output(List<Shape> inputs) {
    if (inputs.size() != 2 || !inputs.get(0).equals(inputs.get(1))) {
      throw new InvalidArchitectureException("adds two inputs of one shape, not " + inputs);
    }
    return inputs.get(0);
  }
}
