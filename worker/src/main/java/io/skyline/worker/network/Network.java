package io.skyline.worker.network;

import io.skyline.architecture.Architecture;

/**
 * A network with its weights, complete for inference.
 *
 * @param normalization of raw input values
 */
public record Network(Architecture architecture, Weights weights, Normalization normalization) {
  public Network {
    weights.requireFor(architecture);
    if (normalization.mean().size() != architecture.input().channels()) {
      throw new IllegalArgumentException(
          "normalisation of "
              + normalization.mean().size()
              + " channels for an input of "
              + architecture.input());
    }
    if (normalization.target().isPresent() && architecture.classes() != 1) {
      throw new IllegalArgumentException(
          "one number is to be predicted, the network gives " + architecture.classes());
    }
  }
}
