package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.Tag;

class SurrogateTest extends ControllerContractTest {
  @Override
  Controller create(SearchSpace space, Goals goals, long seed) {
    return new Surrogate(space, goals, new Surrogate.Settings(8, 20), seed);
  }

  private static Surrogate usual(SearchSpace space, Goals goals, long seed) {
    return new Surrogate(space, goals, new Surrogate.Settings(15, 150), seed);
  }

  private static double accuracy(Genome genome) {
    return Spaces.value(genome).value(Metric.ACCURACY).orElseThrow();
  }

  /** A million genomes: chance reaches .5, evolution .75 in 150 trials. */
  @Example
  void findsTheBestOfAMillionInSixtyTrials() {
    Controller controller = usual(Spaces.wide(), Spaces.ACCURACY, 3);
    double best = 0;
    for (long step = 1; step <= 60; step++) {
      Genome genome = controller.propose(step, Pending.NONE).genome();
      best = Math.max(best, accuracy(genome));
      controller.observe(new Outcome.Scored(step, genome, Spaces.value(genome)));
    }
    assertThat(best).isGreaterThan(.9);
  }

  /**
   * What is best costs the most: if costs beyond all that were seen counted as nothing, no gain.
   */
  @Example
  void goesToTheEndOfTheFrontThatCostsTheMost() {
    for (long seed = 1; seed <= 3; seed++) {
      Controller controller = usual(Spaces.wide(), Spaces.TWO, seed);
      int most = 0;
      for (long step = 1; step <= 60; step++) {
        Genome genome = controller.propose(step, Pending.NONE).genome();
        int sum = genome.choices().stream().mapToInt(Integer::intValue).sum();
        most = Math.max(most, sum);
        Scorecard score =
            Scorecard.EMPTY
                .with(Metric.ACCURACY, Measurement.exact(sum / 30.))
                .with(Metric.MACS, Measurement.exact(1000. * sum));
        controller.observe(new Outcome.Scored(step, genome, score));
      }
      assertThat(most).as("seed %d", seed).isEqualTo(30);
    }
  }

  @Example
  void learnsALimitThatOnlyTrainingTells() {
    Goals limited =
        new Goals(
            List.of(new Objective(Metric.ACCURACY)),
            List.of(new Constraint(Metric.SIZE, Constraint.Bound.AT_MOST, 5)));
    Controller controller = usual(Spaces.wide(), limited, 1);
    int kept = 0;
    for (long step = 1; step <= 60; step++) {
      Genome genome = controller.propose(step, Pending.NONE).genome();
      // 15 on average: a twentieth of the space keeps the limit
      double size = 1 + genome.choices().stream().mapToInt(choice -> choice / 2).sum();
      kept += step > 40 && size <= 5 ? 1 : 0;
      controller.observe(
          new Outcome.Scored(
              step, genome, Spaces.value(genome).with(Metric.SIZE, Measurement.exact(size))));
    }
    assertThat(kept).isGreaterThan(14);
  }

  @Example
  void learnsToAvoidWhatFails() {
    int failures = 0;
    for (long seed = 1; seed <= 4; seed++) {
      Controller controller = usual(Spaces.wide(), Spaces.ACCURACY, seed);
      for (long step = 1; step <= 60; step++) {
        Genome genome = controller.propose(step, Pending.NONE).genome();
        boolean fails = genome.choices().get(0) >= 2;
        failures += step > 40 && fails ? 1 : 0;
        controller.observe(
            fails
                ? new Outcome.Failed(step, genome, FailureKind.DIVERGED, "nan")
                : new Outcome.Scored(step, genome, Spaces.value(genome)));
      }
    }
    // half of the space fails, so that chance would have 40 of 80
    assertThat(failures).isLessThan(28);
  }

  /** Four batches of twelve; of those that ignore what is pending 36 do. */
  @Example
  void fewOfABatchDifferFromAnotherInOneDecision() {
    int close = 0;
    for (long seed = 1; seed <= 4; seed++) {
      Controller controller = usual(Spaces.wide(), Spaces.TWO, seed);
      for (long step = 1; step <= 30; step++) {
        Genome genome = controller.propose(step, Pending.NONE).genome();
        controller.observe(new Outcome.Scored(step, genome, Spaces.value(genome)));
      }
      List<Genome> pending = new ArrayList<>();
      for (long step = 31; step <= 42; step++) {
        Genome genome = controller.propose(step, new Pending(pending)).genome();
        close += pending.stream().anyMatch(other -> difference(genome, other) == 1) ? 1 : 0;
        pending.add(genome);
      }
    }
    assertThat(close).isLessThan(31);
  }

  private static long difference(Genome one, Genome other) {
    return IntStream.range(0, one.choices().size())
        .filter(i -> !one.choices().get(i).equals(other.choices().get(i)))
        .count();
  }

  @Example
  void survivesOutcomesWithoutAnySpread() {
    Controller controller = usual(Spaces.wide(), Spaces.TWO, 4);
    Scorecard same =
        Scorecard.EMPTY
            .with(Metric.ACCURACY, Measurement.exact(.5))
            .with(Metric.MACS, Measurement.exact(1000));
    Set<String> texts = new HashSet<>();
    for (long step = 1; step <= 40; step++) {
      Genome genome = controller.propose(step, Pending.NONE).genome();
      texts.add(genome.text());
      controller.observe(new Outcome.Scored(step, genome, same));
    }
    assertThat(texts).hasSize(40);
  }

  /** Under 50 ms a genome at 500 observations and 1 s at 5,000, on a machine that is quiet. */
  @Tag("full")
  @Example
  void proposesInTime() {
    Surrogate controller = usual(Spaces.wide(), Spaces.TWO, 1);
    SearchSpace space = Spaces.wide();
    for (long step = 1; step <= 5_000; step++) {
      Genome genome = space.sample(Draws.of(9, step));
      controller.observe(new Outcome.Scored(step, genome, Spaces.value(genome)));
      if (step == 500) {
        assertThat(milliseconds(controller, step)).isLessThan(50);
      }
    }
    assertThat(milliseconds(controller, 5_000)).isLessThan(1_000);
  }

  /** The mean of ten proposals, after some. */
  private static double milliseconds(Controller controller, long step) {
    for (int i = 0; i < 20; i++) {
      controller.propose(step + 1 + i, Pending.NONE);
    }
    long start = System.nanoTime();
    for (int i = 0; i < 10; i++) {
      controller.propose(step + 100 + i, Pending.NONE);
    }
    return (System.nanoTime() - start) / 1e7;
  }
}
