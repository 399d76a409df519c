package io.skyline.worker.train;

import java.util.Arrays;

/** Between maps of one channel and a block of channels side by side at each position. */
final class Lanes {
  private static final int BLOCK = OneDnn.BLOCK;

  private Lanes() {}

  /** Sets the first {@code used} lanes of every position to its number, the others to zero. */
  static void spread(float[] map, float[] block, int used) {
    for (int i = 0; i < map.length; i++) {
      int at = i * BLOCK;
      Arrays.fill(block, at, at + used, map[i]);
      Arrays.fill(block, at + used, at + BLOCK, 0f);
    }
  }

  /** The sum of all lanes of every position, times a factor. */
  static void sum(float[] block, float[] map, float factor) {
    for (int i = 0; i < map.length; i++) {
      int at = i * BLOCK;
      float sum = 0;
      for (int lane = 0; lane < BLOCK; lane++) {
        sum += block[at + lane];
      }
      map[i] = sum * factor;
    }
  }

  /** The largest lane of every position. */
  static void largest(float[] block, float[] map) {
    for (int i = 0; i < map.length; i++) {
      int at = i * BLOCK;
      float largest = block[at];
      for (int lane = 1; lane < BLOCK; lane++) {
        largest = Math.max(largest, block[at + lane]);
      }
      map[i] = largest;
    }
  }

  static void add(float[] sums, float[] values) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += values[i];
    }
  }

  static void maximize(float[] largest, float[] values) {
    for (int i = 0; i < largest.length; i++) {
      largest[i] = Math.max(largest[i], values[i]);
    }
  }
}
