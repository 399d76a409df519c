package io.skyline.worker.network;

import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where examples leave a network: at the first exit whose largest probability reaches the exit's
 * threshold, else at the end.
 *
 * @param thresholds one for each exit, in their order; {@link #NEVER} closes an exit
 * @param shares of examples that leave at each exit, as far as that was measured, else zeros
 */
public record ExitPolicy(List<Float> thresholds, List<Double> shares) {
  /** Above every probability. */
  public static final float NEVER = Float.POSITIVE_INFINITY;

  public ExitPolicy {
    thresholds = List.copyOf(thresholds);
    shares = List.copyOf(shares);
    if (thresholds.size() != shares.size()) {
      throw new IllegalArgumentException(shares.size() + " shares of " + thresholds.size());
    }
    if (thresholds.stream().anyMatch(threshold -> !(threshold > 0))) {
      throw new IllegalArgumentException("no thresholds of probabilities: " + thresholds);
    }
  }

  /** Every example goes through the whole network. */
  public static ExitPolicy closed(int exits) {
    return new ExitPolicy(Collections.nCopies(exits, NEVER), Collections.nCopies(exits, 0.0));
  }

  /** Thresholds under which nobody has been counted. */
  public static ExitPolicy of(List<Float> thresholds) {
    return new ExitPolicy(thresholds, Collections.nCopies(thresholds.size(), 0.0));
  }

  /** Whether anybody can leave at an exit. */
  public boolean isOpen(int exit) {
    return thresholds.get(exit) <= 1;
  }

  /** The policy at the exits that are open. */
  public ExitPolicy open() {
    return only(IntStream.range(0, thresholds.size()).filter(this::isOpen).boxed().toList());
  }

  /** The policy at some of the exits. */
  private ExitPolicy only(List<Integer> chosen) {
    return new ExitPolicy(
        chosen.stream().map(thresholds::get).toList(), chosen.stream().map(shares::get).toList());
  }

  /**
   * Which output answers for each example.
   *
   * @param outputs probabilities of each exit and of the last node, each examples x classes
   * @return for each example the index of an exit, or the number of exits for the last node
   */
  public int[] leaving(List<float[]> outputs, int classes) {
    int[] leaving = new int[outputs.get(0).length / classes];
    for (int example = 0; example < leaving.length; example++) {
      int exit = 0;
      while (exit < thresholds.size()
          && !(confidence(outputs.get(exit), example, classes) >= thresholds.get(exit))) {
        exit++;
      }
      leaving[example] = exit;
    }
    return leaving;
  }

  /** The largest probability of an example. */
  public static float confidence(float[] probabilities, int example, int classes) {
    float largest = probabilities[example * classes];
    for (int i = example * classes + 1; i < (example + 1) * classes; i++) {
      largest = Math.max(largest, probabilities[i]);
    }
    return largest;
  }

  /** The class of an example's largest probability, of equal ones the first. */
  public static int answer(float[] probabilities, int example, int classes) {
    int best = example * classes;
    for (int i = best; i < (example + 1) * classes; i++) {
      best = probabilities[i] > probabilities[best] ? i : best;
    }
    return best - example * classes;
  }

  /** The answers where examples leave, examples x classes. */
  public float[] answers(List<float[]> outputs, int classes) {
    int[] leaving = leaving(outputs, classes);
    float[] answers = new float[leaving.length * classes];
    for (int i = 0; i < leaving.length; i++) {
      System.arraycopy(outputs.get(leaving[i]), i * classes, answers, i * classes, classes);
    }
    return answers;
  }

  /** The same thresholds, and which shares of some examples they let leave. */
  public ExitPolicy countedOn(List<float[]> outputs, int classes) {
    int[] leaving = leaving(outputs, classes);
    double[] counts = new double[thresholds.size() + 1];
    for (int exit : leaving) {
      counts[exit]++;
    }
    List<Double> counted =
        IntStream.range(0, thresholds.size())
            .mapToObj(exit -> counts[exit] / leaving.length)
            .toList();
    return new ExitPolicy(thresholds, counted);
  }
}
