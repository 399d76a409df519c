package io.skyline.coordinator.data;

import org.jspecify.annotations.Nullable;

/** What to do about examples that cannot be used: end at the first, or go on and count. */
final class BadExamples {
  private final boolean skip;
  private int count;
  private @Nullable DataException first;

  /**
   * @param skip whether they are left out
   */
  BadExamples(boolean skip) {
    this.skip = skip;
  }

  /**
   * Leaves one out.
   *
   * @throws DataException this one, unless bad examples are to be skipped
   */
  void found(DataException bad) {
    if (!skip) {
      throw bad;
    }
    count++;
    if (first == null) {
      first = bad;
    }
  }

  Skipped skipped() {
    return first == null ? Skipped.NONE : new Skipped(count, String.valueOf(first.getMessage()));
  }
}
