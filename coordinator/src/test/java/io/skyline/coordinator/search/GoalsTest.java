package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoalsTest {
  private static final Objective ACCURACY = new Objective(Metric.ACCURACY);
  private static final Objective SIZE = new Objective(Metric.SIZE);

  @Test
  void testAccuracyGuidesNothing() {
    assertThatThrownBy(() -> new Goals(List.of(new Objective(Metric.TEST_ACCURACY)), List.of()))
        .hasMessageContaining("test_accuracy");
  }

  @Test
  void refusesNoObjectiveAndOneTwice() {
    assertThatThrownBy(() -> new Goals(List.of(), List.of())).hasMessageContaining("objective");
    assertThatThrownBy(() -> new Goals(List.of(SIZE, SIZE), List.of()))
        .hasMessageContaining("size is an objective twice");
  }

  @Test
  void anUnknownLimitedMetricIsNotFeasible() {
    assertThat(Samples.GOALS.feasible(Scorecard.EMPTY)).isFalse();
    assertThat(Samples.GOALS.violation(Scorecard.EMPTY)).isZero();
  }

  @Test
  void violationIsTheShareAboveTheLimit() {
    assertThat(Samples.GOALS.violation(Samples.scores(.5, 1, 1500))).isEqualTo(.5);
    assertThat(Samples.GOALS.violation(Samples.scores(.5, 1, 1000))).isZero();
  }

  @Test
  void timesAreComparedOnAGridOfFivePercentAndNothingElseIs() {
    Objective latency = new Objective(Metric.LATENCY);
    assertThat(latency.cost(101)).isEqualTo(latency.cost(102)).isCloseTo(101, within(3.));
    assertThat(latency.cost(107)).isEqualTo(latency.cost(102) * 1.05, within(1e-9));
    assertThat(SIZE.cost(101)).isEqualTo(101);
    assertThat(ACCURACY.cost(.9)).isLessThan(ACCURACY.cost(.8));
  }

  @Test
  void hypervolumeRunsFromTheLimitsToTheBest() {
    Goals limited =
        new Goals(
            List.of(ACCURACY, SIZE),
            List.of(
                new Constraint(Metric.ACCURACY, Constraint.Bound.AT_LEAST, .8),
                new Constraint(Metric.SIZE, Constraint.Bound.AT_MOST, 1000)));
    Trial middling = Samples.trial(1, Samples.scores(.9, 1, 500));
    assertThat(Frontier.of(limited, List.of(middling)).hypervolume()).isCloseTo(.25, within(1e-12));
  }

  @Test
  void hypervolumeWithoutLimitsCountsDecades() {
    Goals free = new Goals(List.of(ACCURACY, SIZE), List.of());
    // 32 KiB is a quarter of the way from 1 KiB to 1 GiB
    Trial small = Samples.trial(1, Samples.scores(1, 1, 32 << 10));
    assertThat(Frontier.of(free, List.of(small)).hypervolume()).isCloseTo(.75, within(1e-12));
  }
}
