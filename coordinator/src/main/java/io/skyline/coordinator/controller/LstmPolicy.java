package io.skyline.coordinator.controller;

import io.skyline.space.Decision;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A distribution over the genomes of a space: an LSTM makes one decision after the other, each
 * knowing those before it (Zoph and Le 2017, section 3.1; Pham et al. 2018, section 2.1).
 *
 * <p>Decisions that do not count in a genome, or have one value, are passed over. The logits of a
 * decision are {@code bound * tanh(output / temperature)}, so that no choice becomes impossible.
 *
 * <p>The parameters are one vector: an embedding of each value, and one for the start; the cell's
 * four gates (input, forget, candidate, output) over input, state and a one; for each value the
 * weights of its logit and a bias.
 */
final class LstmPolicy {
  static final int GATES = 4;

  private final SearchSpace space;
  private final PolicyShape shape;
  private final SkipPrior prior;
  private final double[] parameters;

  /**
   * Sizes and limits.
   *
   * @param hidden numbers of the cell's state, and of an embedding
   * @param temperature divides outputs
   * @param bound of the logits' magnitude
   */
  record Settings(int hidden, double temperature, double bound) {}

  /** What one step computed, for the way back. */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
  private record Step(
      int input,
      double[] stateBefore,
      double[] cellBefore,
      double[][] gates,
      double[] cell,
      double[] state,
      int decision,
      double[] squashed,
      double[] shares) {}

  /** A policy whose parameters are drawn evenly from [-0.1, 0.1]. */
  LstmPolicy(SearchSpace space, Settings settings, SkipPrior prior, RandomGenerator random) {
    this.space = space;
    this.prior = prior;
    this.shape = PolicyShape.of(space, settings);
    this.parameters = random.doubles(shape.length(), -0.1, 0.1).toArray();
  }

  /** The parameters themselves: who changes them changes the policy. */
  double[] parameters() {
    return parameters;
  }

  /** A genome drawn from the distribution. */
  Genome sample(RandomGenerator random) {
    int[] choices = new int[space.decisions().size()];
    Step last = null;
    int input = shape.values();
    for (int decision = 0; decision < choices.length; decision++) {
      if (isMade(decision, space.genome(choices))) {
        last = step(last, input, decision);
        choices[decision] = drawn(last.shares, random.nextDouble());
        input = shape.firstValue()[decision] + choices[decision];
      }
    }
    return space.genome(choices);
  }

  private static int drawn(double[] shares, double at) {
    double sum = 0;
    for (int i = 0; i < shares.length - 1; i++) {
      sum += shares[i];
      if (at < sum) {
        return i;
      }
    }
    return shares.length - 1;
  }

  private boolean isMade(int decision, Genome genome) {
    return space.decisions().get(decision).values().size() > 1
        && space.active(genome).contains(decision);
  }

  private List<Step> steps(Genome genome) {
    List<Step> steps = new ArrayList<>();
    Step last = null;
    int input = shape.values();
    for (int decision : space.active(genome)) {
      if (space.decisions().get(decision).values().size() > 1) {
        last = step(last, input, decision);
        steps.add(last);
        input = shape.firstValue()[decision] + genome.choices().get(decision);
      }
    }
    return steps;
  }

  private Step step(@Nullable Step last, int input, int decision) {
    int hidden = shape.hidden();
    double[] before = last == null ? new double[hidden] : last.state;
    double[] cellBefore = last == null ? new double[hidden] : last.cell;
    double[][] gates = new double[GATES][hidden];
    double[] cell = new double[hidden];
    double[] state = new double[hidden];
    int embedding = shape.embedding(input);
    for (int unit = 0; unit < hidden; unit++) {
      for (int gate = 0; gate < GATES; gate++) {
        int row = shape.row(gate, unit);
        double sum = parameters[row + 2 * hidden];
        for (int i = 0; i < hidden; i++) {
          sum += parameters[row + i] * parameters[embedding + i];
          sum += parameters[row + hidden + i] * before[i];
        }
        gates[gate][unit] = gate == 2 ? StrictMath.tanh(sum) : 1 / (1 + StrictMath.exp(-sum));
      }
      cell[unit] = gates[1][unit] * cellBefore[unit] + gates[0][unit] * gates[2][unit];
      state[unit] = gates[3][unit] * StrictMath.tanh(cell[unit]);
    }
    Decision made = space.decisions().get(decision);
    double[] squashed = new double[made.values().size()];
    double[] shares = new double[squashed.length];
    double all = 0;
    for (int value = 0; value < squashed.length; value++) {
      int at = shape.logit(shape.firstValue()[decision] + value);
      double sum = parameters[at + hidden];
      for (int i = 0; i < hidden; i++) {
        sum += parameters[at + i] * state[i];
      }
      squashed[value] = StrictMath.tanh(sum / shape.settings().temperature());
      shares[value] = StrictMath.exp(shape.settings().bound() * squashed[value]);
      all += shares[value];
    }
    for (int value = 0; value < shares.length; value++) {
      shares[value] /= all;
    }
    return new Step(input, before, cellBefore, gates, cell, state, decision, squashed, shares);
  }

  /** The logarithm of a genome's probability. */
  double logProbability(Genome genome) {
    double sum = 0;
    for (Step step : steps(genome)) {
      sum += StrictMath.log(step.shares[genome.choices().get(step.decision)]);
    }
    return sum;
  }

  /**
   * The sum of the entropies of the distributions that a genome's choices were drawn from, nats.
   */
  double entropy(Genome genome) {
    return steps(genome).stream().mapToDouble(step -> entropy(step.shares)).sum();
  }

  private static double entropy(double[] shares) {
    double entropy = 0;
    for (double share : shares) {
      entropy -= share * StrictMath.log(share);
    }
    return entropy;
  }

  /** The sum of the divergences of a genome's skips from their prior, nats. */
  double divergence(Genome genome) {
    return steps(genome).stream()
        .filter(step -> prior.holds(space.decisions().get(step.decision)))
        .mapToDouble(step -> prior.divergence(step.shares))
        .sum();
  }

  /**
   * The gradient of {@code advantage * logProbability + entropyWeight * entropy - penalty *
   * divergence} by the parameters, for a given genome.
   */
  double[] gradient(Genome genome, double advantage, double entropyWeight) {
    double[] gradient = new double[parameters.length];
    List<Step> steps = steps(genome);
    double[] byState = new double[shape.hidden()];
    double[] byCell = new double[shape.hidden()];
    for (int t = steps.size() - 1; t >= 0; t--) {
      Step step = steps.get(t);
      choiceBackward(
          step, genome.choices().get(step.decision), advantage, entropyWeight, byState, gradient);
      cellBackward(step, byState, byCell, gradient);
    }
    return gradient;
  }

  /** Adds what the logits of a step give its state. */
  private void choiceBackward(
      Step step,
      int chosen,
      double advantage,
      double entropyWeight,
      double[] byState,
      double[] gradient) {
    int hidden = shape.hidden();
    double entropy = entropy(step.shares);
    boolean skip = prior.holds(space.decisions().get(step.decision));
    double divergence = skip ? prior.divergence(step.shares) : 0;
    for (int value = 0; value < step.shares.length; value++) {
      double share = step.shares[value];
      double byLogit =
          advantage * ((value == chosen ? 1 : 0) - share)
              - entropyWeight * share * (StrictMath.log(share) + entropy)
              - (skip
                  ? prior.penalty() * share * (prior.logRatio(step.shares, value) - divergence)
                  : 0);
      double squashed = step.squashed[value];
      double byOutput =
          byLogit
              * shape.settings().bound()
              * (1 - squashed * squashed)
              / shape.settings().temperature();
      int at = shape.logit(shape.firstValue()[step.decision] + value);
      for (int i = 0; i < hidden; i++) {
        gradient[at + i] += byOutput * step.state[i];
        byState[i] += byOutput * parameters[at + i];
      }
      gradient[at + hidden] += byOutput;
    }
  }

  /** Replaces the derivatives by a step's state and cell by those of the step before. */
  private void cellBackward(Step step, double[] byState, double[] byCell, double[] gradient) {
    int hidden = shape.hidden();
    double[] byStateBefore = new double[hidden];
    int embedding = shape.embedding(step.input);
    for (int unit = 0; unit < hidden; unit++) {
      double in = step.gates[0][unit];
      double forget = step.gates[1][unit];
      double candidate = step.gates[2][unit];
      double out = step.gates[3][unit];
      double shown = StrictMath.tanh(step.cell[unit]);
      double cell = byCell[unit] + byState[unit] * out * (1 - shown * shown);
      double[] bySum = {
        cell * candidate * in * (1 - in),
        cell * step.cellBefore[unit] * forget * (1 - forget),
        cell * in * (1 - candidate * candidate),
        byState[unit] * shown * out * (1 - out)
      };
      byCell[unit] = cell * forget;
      for (int gate = 0; gate < GATES; gate++) {
        int row = shape.row(gate, unit);
        for (int i = 0; i < hidden; i++) {
          gradient[row + i] += bySum[gate] * parameters[embedding + i];
          gradient[embedding + i] += bySum[gate] * parameters[row + i];
          gradient[row + hidden + i] += bySum[gate] * step.stateBefore[i];
          byStateBefore[i] += bySum[gate] * parameters[row + hidden + i];
        }
        gradient[row + 2 * hidden] += bySum[gate];
      }
    }
    System.arraycopy(byStateBefore, 0, byState, 0, hidden);
  }
}
