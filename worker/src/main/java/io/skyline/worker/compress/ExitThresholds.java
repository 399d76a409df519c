package io.skyline.worker.compress;

import io.skyline.worker.data.Examples;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ExitOutputs;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * Chooses where a compressed network may be left: by one threshold for all its exits, the lowest
 * one at which, as at every higher one, the answers on a slice of examples are those of the whole
 * network but for {@link #OTHERWISE}.
 *
 * <p>Other answers bound from above what can be lost, and are counted more surely than what is: an
 * answer that changes loses and gains about as often. On fashion-mini (a network of three stages,
 * 12 slices of 800 unseen examples, judged on the 6,200 others) thresholds by this rule cost -0.01
 * points of accuracy with a deviation of 0.07; thresholds at which the slice's accuracy fell by at
 * most 0.2 points cost 0.19 with a deviation of 0.32, to leave as early.
 *
 * @param network with the thresholds; its exits are closed if there is no such threshold
 * @param examples in the slice
 * @param otherwise share of them that get another answer than from the whole network
 */
public record ExitThresholds(Network network, int examples, double otherwise) {
  /** Share of the slice that may get another answer. */
  static final double OTHERWISE = 0.005;

  /**
   * Chooses.
   *
   * @param compressed of a network with exits
   * @param slice whose labels do not matter
   */
  public static ExitThresholds choose(Encoded compressed, Examples slice) {
    Network network = compressed.network();
    int classes = network.architecture().classes();
    List<float[]> said = ExitOutputs.of(network, compressed.encoding(), slice);
    ExitPolicy chosen = policy(said, classes);
    return new ExitThresholds(
        network.with(chosen), slice.count(), otherwise(chosen, said, classes));
  }

  /**
   * The policy for what exits and the last node say of some examples.
   *
   * @param said probabilities, each examples x classes
   */
  static ExitPolicy policy(List<float[]> said, int classes) {
    int exits = said.size() - 1;
    TreeSet<Float> confidences = confidences(said, classes);
    ExitPolicy chosen = ExitPolicy.closed(exits);
    for (float confidence : confidences.descendingSet()) {
      Float next = confidences.lower(confidence);
      // between two of them, so that rounding sends nobody another way
      float threshold = next == null ? confidence : next + (confidence - next) / 2;
      ExitPolicy lower = ExitPolicy.of(Collections.nCopies(exits, threshold));
      if (otherwise(lower, said, classes) > OTHERWISE) {
        break;
      }
      chosen = lower;
    }
    return chosen;
  }

  /** Of every example at every exit. */
  private static TreeSet<Float> confidences(List<float[]> said, int classes) {
    TreeSet<Float> confidences = new TreeSet<>();
    for (float[] probabilities : said.subList(0, said.size() - 1)) {
      for (int example = 0; example < probabilities.length / classes; example++) {
        confidences.add(ExitPolicy.confidence(probabilities, example, classes));
      }
    }
    return confidences;
  }

  private static double otherwise(ExitPolicy policy, List<float[]> said, int classes) {
    int[] leaving = policy.leaving(said, classes);
    float[] whole = said.get(said.size() - 1);
    int others = 0;
    for (int example = 0; example < leaving.length; example++) {
      int answer = ExitPolicy.answer(said.get(leaving[example]), example, classes);
      others += answer == ExitPolicy.answer(whole, example, classes) ? 0 : 1;
    }
    return (double) others / leaving.length;
  }
}
