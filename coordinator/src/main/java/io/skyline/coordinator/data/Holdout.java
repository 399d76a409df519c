package io.skyline.coordinator.data;

/** How much of the training files becomes validation data. */
public sealed interface Holdout {
  /** How many of {@code total} examples are held out. */
  int examples(int total);

  /** So many examples. */
  record Count(int count) implements Holdout {
    @Override
    public int examples(int total) {
      return count;
    }
  }

  /** A share of 1, rounded to the nearest count. */
  record Share(double share) implements Holdout {
    @Override
    public int examples(int total) {
      return (int) Math.round(share * total);
    }
  }
}
