package io.skyline.coordinator.controller;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Randomness that derives from seed and step only, so that a proposal can be made again. */
final class Draws {
  private Draws() {}

  /** The random numbers of one step. */
  static RandomGenerator of(long seed, long step) {
    return new SplittableRandom(mixed(mixed(seed) + step));
  }

  /** SplitMix64's finalizer (Steele et al. 2014): neighbouring seeds and steps share nothing. */
  private static long mixed(long z) {
    long a = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    long b = (a ^ (a >>> 27)) * 0x94d049bb133111ebL;
    return b ^ (b >>> 31);
  }
}
