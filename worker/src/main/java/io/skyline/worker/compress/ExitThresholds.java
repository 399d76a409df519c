package io.skyline.worker.compress;

import io.skyline.worker.data.Examples;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ExitOutputs;
import io.skyline.worker.train.DivergedException;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;

/**
 * Chooses where a compressed network may be left: by one threshold for all its exits, the lowest
 * one at which, as at every higher one, the answers on a slice of examples are those of the whole
 * network but for {@link #OTHERWISE}.
 *
 * <p>Other answers bound from above what can be lost, and are counted more surely than what is: an
 * answer that changes loses and gains about as often. On fashion-mini (four networks, 12 slices of
 * 1,000 unseen examples each, judged on the 6,000 others) thresholds by this rule changed accuracy
 * by -0.17 to +0.12 points with deviations of 0.04 to 0.09; thresholds at which the slice's
 * accuracy fell by at most 0.2 points by -0.27 to -0.06 with deviations of 0.21 to 0.37 ({@code
 * ExitSliceTest}).
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
    Said said = Said.of(ExitOutputs.of(network, compressed.encoding(), slice), classes);
    ExitPolicy chosen = said.policy();
    // the threshold of one is that of all; closed ones are above every probability
    double otherwise = said.otherwise(chosen.thresholds().get(0));
    return new ExitThresholds(network.with(chosen), slice.count(), otherwise);
  }

  /**
   * The policy for what exits and the last node say of some examples.
   *
   * @param said probabilities, each examples x classes
   */
  static ExitPolicy policy(List<float[]> said, int classes) {
    return Said.of(said, classes).policy();
  }

  /**
   * What every output says of every example.
   *
   * @param confidences of each exit, exits x examples
   * @param answers of each exit and the last node, outputs x examples
   */
  @SuppressWarnings("ArrayRecordComponent") // lives in one call
  private record Said(float[][] confidences, int[][] answers) {
    static Said of(List<float[]> said, int classes) {
      int examples = said.get(0).length / classes;
      float[][] confidences = new float[said.size() - 1][examples];
      int[][] answers = new int[said.size()][examples];
      for (int output = 0; output < said.size(); output++) {
        float[] probabilities = said.get(output);
        for (int example = 0; example < examples; example++) {
          answers[output][example] = ExitPolicy.answer(probabilities, example, classes);
          if (output < confidences.length) {
            float confidence = ExitPolicy.confidence(probabilities, example, classes);
            if (Float.isNaN(confidence)) {
              throw new DivergedException("an exit gives probabilities that are no numbers");
            }
            confidences[output][example] = confidence;
          }
        }
      }
      return new Said(confidences, answers);
    }

    int exits() {
      return confidences.length;
    }

    ExitPolicy policy() {
      ExitPolicy chosen = ExitPolicy.closed(exits());
      TreeSet<Float> all = allConfidences();
      for (float confidence : all.descendingSet()) {
        Float next = all.lower(confidence);
        // between two of them, so that rounding sends nobody another way
        float threshold = next == null ? confidence : next + (confidence - next) / 2;
        if (otherwise(threshold) > OTHERWISE) {
          break;
        }
        chosen = ExitPolicy.of(Collections.nCopies(exits(), threshold));
      }
      return chosen;
    }

    private TreeSet<Float> allConfidences() {
      TreeSet<Float> all = new TreeSet<>();
      for (float[] exit : confidences) {
        for (float confidence : exit) {
          all.add(confidence);
        }
      }
      return all;
    }

    /** The share of examples that get another answer if all exits have this threshold. */
    double otherwise(float threshold) {
      int examples = answers[0].length;
      int others = 0;
      for (int example = 0; example < examples; example++) {
        int exit = 0;
        while (exit < exits() && confidences[exit][example] < threshold) {
          exit++;
        }
        others += answers[exit][example] == answers[exits()][example] ? 0 : 1;
      }
      return (double) others / examples;
    }
  }
}
