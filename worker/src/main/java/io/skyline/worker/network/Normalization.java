package io.skyline.worker.network;

import java.util.List;

/**
 * How raw values become the network's input, per channel: (raw - mean) / deviation. It is written
 * into every exported graph, so users feed raw pixels.
 */
public record Normalization(List<Float> mean, List<Float> deviation) {
  public Normalization {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != deviation.size() || deviation.stream().anyMatch(d -> !(d > 0))) {
      throw new IllegalArgumentException("normalisation needs a positive deviation per mean");
    }
  }
}
