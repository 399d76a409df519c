package io.skyline.worker.train;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A training in the middle: all from which it goes on bit by bit as if it had not paused. What is
 * random in it follows from its seed, the epoch and the step.
 *
 * @param epochs trained
 * @param numbers weights, the optimizer's memory, running statistics and averages, each tensor in
 *     plain order, so that it does not matter which machine goes on
 */
public record Checkpoint(int epochs, Map<String, float[]> numbers) {
  public Checkpoint {
    numbers = Collections.unmodifiableMap(new LinkedHashMap<>(numbers));
  }
}
