package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.scorecard.Measurement;
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
    Objective throughput = new Objective(Metric.THROUGHPUT);
    assertThat(throughput.text()).isEqualTo("maximize throughput");
    assertThat(throughput.cost(101)).isEqualTo(throughput.cost(102)).isEqualTo(-latency.cost(102));
    assertThat(throughput.cost(107)).isLessThan(throughput.cost(102));
  }

  @Test
  void throughputIsAGoalLikeAnyOther() {
    Objective throughput = new Objective(Metric.THROUGHPUT);
    Constraint least = new Constraint(Metric.THROUGHPUT, Constraint.Bound.AT_LEAST, 1000);
    assertThat(least.text()).isEqualTo("throughput >= 1 k examples/s");
    Trial slow = fast(1, .9, 500);
    Trial good = fast(2, .8, 1e6);
    Trial worse = fast(3, .8, 1e4);

    Goals free = new Goals(List.of(ACCURACY, throughput), List.of());
    assertThat(Frontier.of(free, List.of(slow, good, worse)).members()).containsExactly(slow, good);
    Goals limited = new Goals(List.of(ACCURACY, throughput), List.of(least));
    assertThat(Frontier.of(limited, List.of(slow, good, worse)).members()).containsExactly(good);
    assertThat(least.violation(slow.scorecard())).hasValue(.5);
    // 1e6 examples a second are half the way from 1e3 to 1e9, and two thirds from 1
    assertThat(Frontier.of(limited, List.of(good)).hypervolume()).isCloseTo(.4, within(.01));
    assertThat(Frontier.of(free, List.of(good)).hypervolume()).isCloseTo(.533, within(.01));
  }

  private static Trial fast(int number, double accuracy, double throughput) {
    Scorecard scores = Samples.scores(accuracy, 1, 500);
    return Samples.trial(
        number, scores.with(Metric.THROUGHPUT, new Measurement(throughput, .02, true)));
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
