package io.skyline.worker.pack;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

/** The distinct elements of a tensor in an open hash table. */
final class DistinctValues {
  private final long[] keys;
  private final boolean[] used;
  private final int[] ranks;
  private final int mask;

  /** Drawn anew for each table, so that no file can bring values that share their slots. */
  private final long multiplier = new SplittableRandom().nextLong() | 1;

  private long[] ascending = {};
  private int count;

  private DistinctValues(int slots) {
    keys = new long[slots];
    used = new boolean[slots];
    ranks = new int[slots];
    mask = slots - 1;
  }

  /** The distinct elements; nothing if there are more than the limit. */
  static Optional<DistinctValues> of(Elements elements, int limit) {
    DistinctValues found = new DistinctValues(Integer.highestOneBit(limit + 1) * 4);
    for (int i = 0; i < elements.count(); i++) {
      if (!found.add(elements.get(i), limit)) {
        return Optional.empty();
      }
    }
    found.rank();
    return Optional.of(found);
  }

  private boolean add(long value, int limit) {
    int slot = slot(value);
    if (!used[slot]) {
      if (count == limit) {
        return false;
      }
      used[slot] = true;
      keys[slot] = value;
      count++;
    }
    return true;
  }

  private int slot(long value) {
    long mixed = (value ^ value >>> 32) * multiplier;
    int slot = (int) (mixed >>> 64 - Integer.bitCount(mask)) & mask;
    while (used[slot] && keys[slot] != value) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void rank() {
    ascending = new long[count];
    for (int slot = 0, i = 0; slot <= mask; slot++) {
      if (used[slot]) {
        ascending[i++] = keys[slot];
      }
    }
    Codebook.sortUnsigned(ascending);
    for (int i = 0; i < count; i++) {
      ranks[slot(ascending[i])] = i;
    }
  }

  long[] ascending() {
    return Arrays.copyOf(ascending, ascending.length);
  }

  /** The place of a value, which must be there, in ascending order (unsigned). */
  int rank(long value) {
    return ranks[slot(value)];
  }
}
