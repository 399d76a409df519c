package io.skyline.worker.train;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * An exponential moving average of several vectors, as {@link
 * io.skyline.recipe.Regularization#averaging} defines it.
 */
final class WeightAverage {
  private final double decay;
  private final List<float[]> followed;
  private final List<float[]> means = new ArrayList<>();
  private long steps;

  /**
   * @param decay per step
   * @param followed vectors that change in place
   */
  WeightAverage(double decay, Collection<float[]> followed) {
    this.decay = decay;
    this.followed = List.copyOf(followed);
    this.followed.forEach(vector -> means.add(vector.clone()));
  }

  /** Goes on after so many steps, whose averages are put in place. */
  void resume(long before) {
    steps = before;
  }

  /** The average of one of the vectors. */
  float[] of(float[] vector) {
    for (int i = 0; i < means.size(); i++) {
      if (followed.get(i) == vector) {
        return means.get(i);
      }
    }
    throw new IllegalArgumentException("a vector that is not followed");
  }

  /** Moves the averages towards the vectors as they are. */
  void update() {
    float share = (float) (1 - Math.min(decay, (1.0 + steps) / (10.0 + steps)));
    for (int i = 0; i < means.size(); i++) {
      move(means.get(i), followed.get(i), share);
    }
    steps++;
  }

  private static void move(float[] mean, float[] towards, float share) {
    for (int i = 0; i < mean.length; i++) {
      mean[i] += share * (towards[i] - mean[i]);
    }
  }

  /** Swaps vectors and averages; a second call swaps back. */
  void exchange() {
    for (int i = 0; i < means.size(); i++) {
      float[] mean = means.get(i);
      float[] kept = mean.clone();
      System.arraycopy(followed.get(i), 0, mean, 0, mean.length);
      System.arraycopy(kept, 0, followed.get(i), 0, mean.length);
    }
  }
}
