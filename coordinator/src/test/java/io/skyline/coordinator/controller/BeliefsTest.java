package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.Example;

class BeliefsTest {
  private static final SearchSpace SPACE = Spaces.wide();
  private final List<Individual> individuals = new ArrayList<>();

  private static Goals limited(double macs) {
    return new Goals(
        Spaces.ACCURACY.objectives(),
        List.of(new Constraint(Metric.MACS, Constraint.Bound.AT_MOST, macs)));
  }

  private Promise promise(Beliefs beliefs, Genome... pending) {
    List<Individual> feasible = individuals.stream().filter(Individual::feasible).toList();
    return beliefs.promise(individuals, Individual.front(feasible), new Pending(List.of(pending)));
  }

  private void learn(Beliefs beliefs, Goals goals, Genome genome, Scorecard scores) {
    Outcome outcome = new Outcome.Scored(individuals.size() + 1, genome, scores);
    individuals.add(Individual.of(outcome, goals).orElseThrow());
    beliefs.learn(outcome);
  }

  private Beliefs ofSixty(Goals goals) {
    Beliefs beliefs = new Beliefs(SPACE, goals);
    RandomGenerator random = new SplittableRandom(5);
    for (int i = 0; i < 60; i++) {
      Genome genome = SPACE.sample(random);
      learn(beliefs, goals, genome, Spaces.value(genome));
    }
    return beliefs;
  }

  private static List<Genome> samples() {
    RandomGenerator random = new SplittableRandom(8);
    return IntStream.range(0, 400).mapToObj(i -> SPACE.sample(random)).toList();
  }

  /** The kriging believer: what a pending genome is believed to reach need not be reached again. */
  @Example
  void whatAPendingGenomePromisesIsTaken() {
    for (Goals goals : List.of(Spaces.ACCURACY, Spaces.TWO)) {
      individuals.clear();
      Beliefs beliefs = ofSixty(goals);
      Promise before = promise(beliefs);
      Genome best =
          samples().stream()
              .max(Comparator.comparingDouble(genome -> before.of(List.of(genome))[0]))
              .orElseThrow();
      double after = promise(beliefs, best).of(List.of(best))[0];
      assertThat(after).isLessThan(.1 * before.of(List.of(best))[0]);
    }
  }

  /** The best genome, of 12,500 multiply-accumulates, is believed to be better than all others. */
  @Example
  void aPendingGenomeMovesTheFrontOnlyIfItWillKeepTheLimits() {
    Genome best = SPACE.genome(IntStream.range(0, 10).map(i -> i % 4).toArray());
    for (double limit : new double[] {9_000, 16_000}) {
      individuals.clear();
      Goals goals = limited(limit);
      Beliefs beliefs = ofSixty(goals);
      double least = promise(beliefs).improvement().levels(0)[0];
      Promise believing = promise(beliefs, best);
      double mean = believing.objectives().get(0).believed()[0];
      assertThat(mean).isLessThan(least);
      assertThat(believing.improvement().levels(0)[0]).isEqualTo(limit < 12_500 ? least : mean);
    }
  }

  private void assertReference(Goals goals, double[] accuracies, double[] macs, double expected) {
    individuals.clear();
    Beliefs beliefs = new Beliefs(SPACE, goals);
    RandomGenerator random = new SplittableRandom(2);
    for (int i = 0; i < accuracies.length; i++) {
      Scorecard scores =
          Scorecard.EMPTY
              .with(Metric.ACCURACY, Measurement.exact(accuracies[i]))
              .with(Metric.MACS, Measurement.exact(macs[i]));
      learn(beliefs, goals, SPACE.sample(random), scores);
    }
    Promise promise = promise(beliefs);
    double[] levels = promise.improvement().levels(0);
    double warped = promise.objectives().get(0).warping().of(-expected);
    assertThat(levels[levels.length - 1]).isCloseTo(warped, within(1e-9));
  }

  @Example
  void theFenceIsThriceTheMedianOfWhatIsFeasible() {
    double[] accuracies = {.9, .8, .7, .1, .1, .1, .1, .1};
    double[] macs = {1e3, 1e3, 1e3, 2e4, 2e4, 2e4, 2e4, 2e4};
    assertReference(limited(12_000), accuracies, macs, .6);
    assertReference(Spaces.ACCURACY, accuracies, macs, .1);
  }

  @Example
  void aFenceWithoutWidthIsNone() {
    double[] accuracies = {.9, .9, .9, .9, .9, .5, .7};
    assertReference(Spaces.ACCURACY, accuracies, new double[7], .5);
  }
}
