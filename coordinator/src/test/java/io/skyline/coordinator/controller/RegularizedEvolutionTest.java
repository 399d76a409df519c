package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.List;
import net.jqwik.api.Example;

class RegularizedEvolutionTest extends ControllerContractTest {
  @Override
  Controller create(SearchSpace space, Goals goals, long seed) {
    return new RegularizedEvolution(space, goals, new RegularizedEvolution.Settings(10, 4), seed);
  }

  private static Controller greedy(Goals goals) {
    return new RegularizedEvolution(
        Spaces.wide(), goals, new RegularizedEvolution.Settings(3, 3), 1);
  }

  private static Genome genome(int value) {
    int[] choices = new int[10];
    java.util.Arrays.fill(choices, value);
    return Spaces.wide().genome(choices);
  }

  private static Scorecard scores(double accuracy, double macs) {
    return Scorecard.EMPTY
        .with(Metric.ACCURACY, io.skyline.scorecard.Measurement.exact(accuracy))
        .with(Metric.MACS, io.skyline.scorecard.Measurement.exact(macs));
  }

  /** How often each constant genome is the nearest relative of a child, over 100 steps. */
  private static int[] parents(Controller controller) {
    int[] counts = new int[4];
    for (long step = 100; step < 200; step++) {
      Genome child = controller.propose(step, Pending.NONE).genome();
      for (int value = 0; value < 4; value++) {
        int expected = value;
        long same = child.choices().stream().filter(choice -> choice == expected).count();
        counts[value] += same == 9 ? 1 : 0;
      }
    }
    return counts;
  }

  @Example
  void childrenAreOneChangeFromTheBestOfTheSample() {
    Controller controller = greedy(Spaces.ACCURACY);
    controller.observe(new Outcome.Scored(1, genome(0), scores(.1, 1)));
    controller.observe(new Outcome.Scored(2, genome(1), scores(.9, 1)));
    controller.observe(new Outcome.Scored(3, genome(2), scores(.2, 1)));
    int[] parents = parents(controller);
    // three draws with replacement miss the best with (2/3)^3 = .3, both better ones with .04
    assertThat(parents[0] + parents[1] + parents[2]).isEqualTo(100);
    assertThat(parents[1]).isBetween(55, 85);
    assertThat(parents[0]).isBetween(0, 12);
  }

  @Example
  void theOldestDiesEvenIfItIsTheBest() {
    Controller controller = greedy(Spaces.ACCURACY);
    controller.observe(new Outcome.Scored(1, genome(0), scores(.99, 1)));
    for (int value = 1; value < 4; value++) {
      controller.observe(new Outcome.Scored(value + 1, genome(value), scores(.1 * value, 1)));
    }
    int[] parents = parents(controller);
    assertThat(parents[0]).isZero();
    assertThat(parents[3]).isGreaterThan(50);
  }

  @Example
  void aFeasibleParentBeatsABetterOneThatBreaksALimit() {
    Goals limited =
        new Goals(
            List.of(new Objective(Metric.ACCURACY)),
            List.of(new Constraint(Metric.MACS, Constraint.Bound.AT_MOST, 10)));
    Controller controller = greedy(limited);
    controller.observe(new Outcome.Scored(1, genome(0), scores(.9, 11)));
    controller.observe(new Outcome.Scored(2, genome(1), scores(.3, 9)));
    controller.observe(new Outcome.Scored(3, genome(2), scores(.8, 20)));
    int[] parents = parents(controller);
    assertThat(parents[1]).isGreaterThan(55);
    assertThat(parents[0]).isGreaterThan(parents[2]);
  }
}
