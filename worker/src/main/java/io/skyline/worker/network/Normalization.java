package io.skyline.worker.network;

import java.util.List;
import java.util.Optional;

/**
 * How raw values become the network's input, per channel: (raw - mean) / deviation; and how its
 * output becomes a number, where it predicts one. Both are written into every exported graph, so
 * users feed raw pixels and get raw numbers.
 *
 * @param target empty if the network tells classes apart
 */
public record Normalization(List<Float> mean, List<Float> deviation, Optional<Target> target) {
  public Normalization {
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != deviation.size() || deviation.stream().anyMatch(d -> !(d > 0))) {
      throw new IllegalArgumentException("normalisation needs a positive deviation per mean");
    }
  }

  /** The normalisation of a network that tells classes apart. */
  public Normalization(List<Float> mean, List<Float> deviation) {
    this(mean, deviation, Optional.empty());
  }

  /**
   * The raw values behind a network's input, to rounding.
   *
   * @param input examples one after the other, each channel by channel
   * @param plane values of one channel of one example
   * @param raw filled
   */
  public void undo(float[] input, int plane, float[] raw) {
    for (int from = 0; from < input.length; from += plane) {
      int channel = from / plane % mean.size();
      float shift = mean.get(channel);
      float scale = deviation.get(channel);
      for (int i = from; i < from + plane; i++) {
        raw[i] = input[i] * scale + shift;
      }
    }
  }

  /** A predicted number: mean + deviation * output. */
  public record Target(float mean, float deviation) {
    /** What a network should give for a raw number. */
    public float normalised(float raw) {
      return (raw - mean) / deviation;
    }

    /** The number that a network's output stands for. */
    public float raw(float output) {
      return output * deviation + mean;
    }
  }
}
