package io.skyline.worker.train;

/**
 * Random decisions that depend on seed, layer, step and place only: a counter hashed by the
 * finalizers of MurmurHash3 (Appleby), so that they repeat in any order and need no memory.
 *
 * @param seed of the training
 * @param layer number of the node
 * @param rate probability of a yes, exact to 2^-24
 */
record Noise(long seed, int layer, double rate) {
  /** What the places of one step start from. */
  int base(long step) {
    long h = seed * 0x9E3779B97F4A7C15L + layer * 0xC2B2AE3D27D4EB4FL + step;
    h = (h ^ h >>> 33) * 0xFF51AFD7ED558CCDL;
    h = (h ^ h >>> 33) * 0xC4CEB9FE1A85EC53L;
    return (int) (h ^ h >>> 33);
  }

  /** Whether a place is dropped. */
  boolean drops(int base, int place) {
    return hash(base, place) >>> 8 < threshold();
  }

  private int threshold() {
    return (int) Math.round(rate * (1 << 24));
  }

  /** Fills in the given number where a place is kept, as bits, and zero where it is dropped. */
  void fill(int base, int firstPlace, float kept, int[] bits) {
    int threshold = threshold();
    int value = Float.floatToRawIntBits(kept);
    for (int i = 0; i < bits.length; i++) {
      // no branch, so that the loop vectorizes: all bits of the mask are set where it is kept
      int mask = threshold - 1 - (hash(base, firstPlace + i) >>> 8) >> 31;
      bits[i] = value & mask;
    }
  }

  private static int hash(int base, int place) {
    int h = base + place * 0x9E3779B9;
    h = (h ^ h >>> 16) * 0x85EBCA6B;
    h = (h ^ h >>> 13) * 0xC2B2AE35;
    return h ^ h >>> 16;
  }
}
