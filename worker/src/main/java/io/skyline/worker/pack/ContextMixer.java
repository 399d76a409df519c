package io.skyline.worker.pack;

import java.util.Arrays;

/**
 * Predicts binary decisions from several contexts at once: each context remembers how often 1
 * followed it, and a small online-trained logistic regression mixes what they say (Mahoney, 2005,
 * "Adaptive weighing of context models for lossless data compression"). All in integers, so that
 * every machine predicts the same.
 */
final class ContextMixer {
  /** Of a decision's probability: 16 bits; of its logit: 12 bits, 8 of them a fraction. */
  private static final int LARGEST_LOGIT = 2047;

  private static final int[] SQUASH = squashes();
  private static final int[] STRETCH = stretches();
  private static final int MOST_SEEN = 1023;
  private static final int[] RATE = new int[MOST_SEEN + 1];

  static {
    for (int seen = 0; seen <= MOST_SEEN; seen++) {
      // 1 / (seen + 1.3) in 65536ths
      RATE[seen] = (10 << 16) / (10 * seen + 13);
    }
  }

  private final int inputs;
  private final int mostSeen;
  private final int rate;
  // probability of 1 in the upper 22 bits, times seen in the lower 10
  private final int[][] slots;
  private final int[] weights;
  private final int[] chosen;
  private final int[] logits;

  /**
   * A mixer that has seen nothing.
   *
   * @param sizes contexts of each input, powers of two
   * @param sets of weights; a decision chooses one
   * @param mostSeen after how many decisions (at most 1023) a context forgets as it learns
   * @param rate of the weights' steps
   */
  ContextMixer(int[] sizes, int sets, int mostSeen, int rate) {
    this.inputs = sizes.length;
    this.mostSeen = mostSeen;
    this.rate = rate;
    this.slots = new int[inputs][];
    for (int i = 0; i < inputs; i++) {
      slots[i] = new int[sizes[i]];
      Arrays.fill(slots[i], 1 << 31);
    }
    this.weights = new int[sets * inputs];
    Arrays.fill(weights, (1 << 16) * 2 / (inputs + 1));
    this.chosen = new int[inputs];
    this.logits = new int[inputs];
  }

  /** A mixer that has seen the same. */
  ContextMixer(ContextMixer other) {
    this.inputs = other.inputs;
    this.mostSeen = other.mostSeen;
    this.rate = other.rate;
    this.slots = new int[inputs][];
    Arrays.setAll(slots, i -> other.slots[i].clone());
    this.weights = other.weights.clone();
    this.chosen = new int[inputs];
    this.logits = new int[inputs];
  }

  /** Chooses the context of an input; what exceeds its size wraps around. */
  void context(int input, int context) {
    chosen[input] = context & slots[input].length - 1;
  }

  /** Codes a decision in the chosen contexts, and learns from it. */
  int code(BinaryCoder coder, int bit, int set) {
    int first = set * inputs;
    long sum = 0;
    for (int i = 0; i < inputs; i++) {
      int slot = slots[i][chosen[i]];
      logits[i] = STRETCH[slot >>> 20];
      sum += (long) logits[i] * weights[first + i];
    }
    int logit = (int) Math.max(-LARGEST_LOGIT, Math.min(LARGEST_LOGIT, sum >> 16));
    int one = SQUASH[logit + LARGEST_LOGIT];
    int coded = coder.code(bit, one);
    int error = ((coded << 16) - one) * rate >> 8;
    for (int i = 0; i < inputs; i++) {
      weights[first + i] += logits[i] * error + (1 << 9) >> 10;
      slots[i][chosen[i]] = learnt(slots[i][chosen[i]], coded);
    }
    return coded;
  }

  private int learnt(int slot, int bit) {
    int seen = slot & MOST_SEEN;
    int probability = slot >>> 10;
    long step = (long) ((bit << 22) - bit - probability) * RATE[seen] >> 16;
    return (int) (probability + step << 10) | Math.min(seen + 1, mostSeen);
  }

  /** 65536 / (1 + e^-x) for x = -2047/256 to 2047/256, from integers only. */
  private static int[] squashes() {
    // e^(1/256) in 2^-32nds, and its powers in 2^-20ths with 32 more bits of fraction
    int[] squash = new int[2 * LARGEST_LOGIT + 1];
    long step = 4_311_777_323L; // 2^32 e^(1/256)
    long power = 1L << 20; // 2^20 e^(i/256)
    long fraction = 0;
    for (int i = 0; i <= LARGEST_LOGIT; i++) {
      int half = (int) ((1L << 36) / (power + (1L << 20)));
      squash[LARGEST_LOGIT - i] = Math.max(1, half);
      squash[LARGEST_LOGIT + i] = Math.min(65535, 65536 - half);
      long product = power * (step - (1L << 32)) + fraction;
      power += product >>> 32;
      fraction = product & 0xffff_ffffL;
    }
    return squash;
  }

  /** The inverse: logits of probabilities in 4096ths. */
  private static int[] stretches() {
    int[] stretch = new int[4096];
    int logit = -LARGEST_LOGIT;
    for (int p = 0; p < 4096; p++) {
      while (logit < LARGEST_LOGIT && SQUASH[logit + LARGEST_LOGIT] < 16 * p + 8) {
        logit++;
      }
      stretch[p] = logit;
    }
    return stretch;
  }
}
