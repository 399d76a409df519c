package io.skyline.worker.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The numbers of a {@link Trainer} as those of a {@link Checkpoint}, and back. */
final class TrainingState {
  private static final String WEIGHTS = "weights";
  private static final String OPTIMIZER = "optimizer";
  private static final String AVERAGE = "average";
  private static final String STATISTICS = "statistics";

  private final Parameters parameters;
  private final Parameters.Flat flat;
  private final float[] weights;
  private final List<float[]> memory;
  private final @Nullable WeightAverage average;

  /**
   * @param memory of the optimizer; changed in place, as all the others are
   */
  TrainingState(
      Parameters parameters,
      Parameters.Flat flat,
      float[] weights,
      List<float[]> memory,
      @Nullable WeightAverage average) {
    this.parameters = parameters;
    this.flat = flat;
    this.weights = weights;
    this.memory = memory;
    this.average = average;
  }

  /** Uses the slots for its work: whoever calls it writes the weights into them again. */
  Map<String, float[]> read() {
    Map<String, float[]> numbers = new LinkedHashMap<>();
    for (Map.Entry<String, float[]> vector : vectors().entrySet()) {
      flat.writeValues(vector.getValue());
      parameters.trained().forEach((key, tensor) -> put(numbers, vector.getKey(), key, tensor));
    }
    parameters
        .namedStatistics()
        .forEach(
            (key, statistic) -> {
              put(numbers, STATISTICS, key, statistic.clone());
              if (average != null) {
                put(numbers, AVERAGE, key, average.of(statistic).clone());
              }
            });
    return numbers;
  }

  /**
   * Takes them over; the slots hold something else afterwards.
   *
   * @throws IllegalArgumentException if they are not of this network and this plan
   */
  void write(Map<String, float[]> numbers) {
    Map<String, float[]> tensors = parameters.trained();
    for (Map.Entry<String, float[]> vector : vectors().entrySet()) {
      Map<String, float[]> plain = new LinkedHashMap<>();
      tensors.forEach(
          (key, shape) -> plain.put(key, get(numbers, vector.getKey(), key, shape.length)));
      parameters.setTrained(plain);
      flat.readValues(vector.getValue());
    }
    parameters
        .namedStatistics()
        .forEach(
            (key, statistic) -> {
              copy(get(numbers, STATISTICS, key, statistic.length), statistic);
              if (average != null) {
                copy(get(numbers, AVERAGE, key, statistic.length), average.of(statistic));
              }
            });
  }

  /** Those that have a number for each weight. */
  private Map<String, float[]> vectors() {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    vectors.put(WEIGHTS, weights);
    for (int i = 0; i < memory.size(); i++) {
      vectors.put(OPTIMIZER + (i + 1), memory.get(i));
    }
    if (average != null) {
      vectors.put(AVERAGE, average.of(weights));
    }
    return vectors;
  }

  private static void copy(float[] from, float[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  private static void put(Map<String, float[]> numbers, String what, String key, float[] values) {
    numbers.put(what + " " + key, values);
  }

  private static float[] get(Map<String, float[]> numbers, String what, String key, int length) {
    float[] values = numbers.get(what + " " + key);
    if (values == null || values.length != length) {
      throw new IllegalArgumentException("the checkpoint lacks " + what + " of " + key);
    }
    return values;
  }
}
