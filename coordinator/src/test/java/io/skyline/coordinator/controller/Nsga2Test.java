package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.Arrays;
import net.jqwik.api.Example;

class Nsga2Test extends ControllerContractTest {
  @Override
  Controller create(SearchSpace space, Goals goals, long seed) {
    return new Nsga2(space, goals, new Nsga2.Settings(10, .9, 1), seed);
  }

  private static Genome genome(int value) {
    int[] choices = new int[10];
    Arrays.fill(choices, value);
    return Spaces.wide().genome(choices);
  }

  private static Outcome scored(int step, int value, double accuracy, double macs) {
    return new Outcome.Scored(
        step,
        genome(value),
        Scorecard.EMPTY
            .with(Metric.ACCURACY, Measurement.exact(accuracy))
            .with(Metric.MACS, Measurement.exact(macs)));
  }

  @Example
  void theDominatedOneLeavesAndTheRestAreParents() {
    Controller controller = new Nsga2(Spaces.wide(), Spaces.TWO, new Nsga2.Settings(3, .9, 0), 1);
    controller.observe(scored(1, 0, .9, 100));
    controller.observe(scored(2, 1, .5, 120));
    controller.observe(scored(3, 2, .8, 50));
    controller.observe(scored(4, 3, .95, 200));
    int[] values = new int[4];
    for (long step = 10; step < 110; step++) {
      controller.propose(step, Pending.NONE).genome().choices().forEach(choice -> values[choice]++);
    }
    // genes of the one that left come back only by mutations that keep a child new
    assertThat(values[1]).isLessThan(60);
    // between two extremes the middle of the front wins no tournament but against itself
    assertThat(values[0]).isBetween(60, 200);
    assertThat(values[2]).isGreaterThan(300);
    assertThat(values[3]).isGreaterThan(300);
  }

  @Example
  void withoutCrossoverAChildHasOneParent() {
    Controller controller = new Nsga2(Spaces.wide(), Spaces.TWO, new Nsga2.Settings(2, 0, 0), 1);
    controller.observe(scored(1, 0, .9, 100));
    controller.observe(scored(2, 2, .8, 50));
    for (long step = 10; step < 110; step++) {
      Genome child = controller.propose(step, Pending.NONE).genome();
      long zeros = child.choices().stream().filter(choice -> choice == 0).count();
      long twos = child.choices().stream().filter(choice -> choice == 2).count();
      assertThat(Math.max(zeros, twos)).isEqualTo(9);
    }
  }

  @Example
  void withCrossoverAChildTakesFromBothParents() {
    Controller controller = new Nsga2(Spaces.wide(), Spaces.TWO, new Nsga2.Settings(2, 1, 0), 1);
    controller.observe(scored(1, 0, .9, 100));
    controller.observe(scored(2, 2, .8, 50));
    int mixed = 0;
    for (long step = 10; step < 110; step++) {
      Genome child = controller.propose(step, Pending.NONE).genome();
      long zeros = child.choices().stream().filter(choice -> choice == 0).count();
      long twos = child.choices().stream().filter(choice -> choice == 2).count();
      mixed += zeros + twos == 10 && zeros > 1 && twos > 1 ? 1 : 0;
    }
    // both tournaments have the same winner every other time
    assertThat(mixed).isBetween(30, 70);
  }
}
