package io.skyline.worker.hashing;

/**
 * Which of a kernel's values each frequency of each of its filters takes, and with which sign: a
 * pure function of the kernel's shape and of how many values are kept, so that nothing of it need
 * be stored. docs/format.md has the arithmetic, all of it in whole numbers.
 *
 * <p>Frequencies j = j1 + j2 have buckets of their own (Chen et al. 2016, section 4), the lower
 * ones more: in the ratio of their places times the density of a beta distribution of 1 and 2 at j
 * / (j of the highest + 1), which falls in a straight line; at least one each, and no more than
 * places.
 */
public final class Buckets {
  private static final long SEED = 0x736b796c696e6521L;
  private static final long STEP = 0x9e3779b97f4a7c15L;

  private final int taps;
  private final long seed;
  private final int values;

  /** Of each place in a window its frequency's first bucket, and how many buckets that has. */
  private final int[] first;

  private final int[] count;

  /**
   * Deals out.
   *
   * @param keptPerMille values for every thousand weights, 1 to 999
   */
  public Buckets(KernelShape shape, int keptPerMille) {
    if (keptPerMille < 1 || keptPerMille > 999) {
      throw new IllegalArgumentException("cannot keep " + keptPerMille + " of 1000 weights");
    }
    taps = shape.taps();
    long mixed = SEED;
    for (int extent : new int[] {shape.outputs(), shape.inputs(), shape.height(), shape.width()}) {
      mixed = mix(mixed + extent);
    }
    seed = mixed;
    first = new int[taps];
    count = new int[taps];
    values = deal(shape, keptPerMille);
  }

  private int deal(KernelShape shape, int keptPerMille) {
    int frequencies = shape.height() + shape.width() - 1;
    int[] places = new int[frequencies];
    for (int tap = 0; tap < taps; tap++) {
      places[frequency(tap, shape)]++;
    }
    long[] weights = new long[frequencies];
    long weightLeft = 0;
    for (int j = 0; j < frequencies; j++) {
      weights[j] = (long) places[j] * (frequencies - j);
      weightLeft += weights[j];
    }
    long kept = ((long) shape.size() * keptPerMille + 500) / 1000;
    long left = Math.max(frequencies, kept);
    int[] firsts = new int[frequencies];
    int[] counts = new int[frequencies];
    int dealt = 0;
    for (int j = 0; j < frequencies; j++) {
      long fair = (left * weights[j] + weightLeft / 2) / weightLeft;
      long most = Math.min((long) shape.filters() * places[j], left - (frequencies - 1 - j));
      counts[j] = (int) Math.max(1, Math.min(fair, most));
      firsts[j] = dealt;
      dealt += counts[j];
      left -= counts[j];
      weightLeft -= weights[j];
    }
    for (int tap = 0; tap < taps; tap++) {
      first[tap] = firsts[frequency(tap, shape)];
      count[tap] = counts[frequency(tap, shape)];
    }
    return dealt;
  }

  private static int frequency(int tap, KernelShape shape) {
    return tap / shape.width() + tap % shape.width();
  }

  /** How many values are kept. */
  public int values() {
    return values;
  }

  /**
   * The value of a frequency, twice its number, and 1 more if it is negated.
   *
   * @param index in the kernel, each window's places standing for frequencies
   */
  public int code(int index) {
    long hash = mix(seed + (index + 1L) * STEP);
    int tap = index % taps;
    int bucket = (int) ((hash >>> 32) * count[tap] >>> 32);
    return (first[tap] + bucket) << 1 | (int) hash & 1;
  }

  /** The finalizer of SplitMix64 (Steele et al. 2014; Stafford's variant 13). */
  private static long mix(long number) {
    long z = number;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
