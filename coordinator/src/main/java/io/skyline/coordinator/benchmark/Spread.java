package io.skyline.coordinator.benchmark;

import java.util.Arrays;

/**
 * A number over many seeds.
 *
 * @param mean of them
 * @param deviation standard deviation over the seeds (dividing by their number)
 * @param error standard error of the mean; 0 for a single seed
 */
public record Spread(double mean, double deviation, double error) {
  /** Of these values, one a seed. */
  public static Spread of(double[] values) {
    int count = values.length;
    double mean = Arrays.stream(values).average().orElseThrow();
    double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
    double error = count > 1 ? Math.sqrt(squares / (count - 1) / count) : 0;
    return new Spread(mean, Math.sqrt(squares / count), error);
  }
}
