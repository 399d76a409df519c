package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import java.util.List;
import org.junit.jupiter.api.Test;

class IndividualTest {
  private static final Goals GOALS =
      new Goals(
          Spaces.TWO.objectives(),
          List.of(new Constraint(Metric.MACS, Constraint.Bound.AT_MOST, 100)));
  private static final Genome GENOME = Spaces.single().genome(0);

  private static Individual scored(double accuracy, double macs) {
    return Individual.of(new Outcome.Scored(1, GENOME, scores(accuracy, macs)), GOALS)
        .orElseThrow();
  }

  private static Individual rejected(Scorecard exact) {
    return Individual.of(new Outcome.Infeasible(1, GENOME, exact, ""), GOALS).orElseThrow();
  }

  private static Scorecard scores(double accuracy, double macs) {
    return Scorecard.EMPTY
        .with(Metric.ACCURACY, Measurement.exact(accuracy))
        .with(Metric.MACS, Measurement.exact(macs));
  }

  @Test
  void feasibleOnesAreComparedByTheirObjectives() {
    assertThat(scored(.9, 50).dominates(scored(.8, 50))).isTrue();
    assertThat(scored(.9, 50).dominates(scored(.8, 40))).isFalse();
    assertThat(scored(.9, 50).dominates(scored(.9, 50))).isFalse();
  }

  @Test
  void aFeasibleOneDominatesWhateverBreaksALimit() {
    assertThat(scored(.1, 100).dominates(scored(.9, 101))).isTrue();
    assertThat(scored(.9, 101).dominates(scored(.1, 100))).isFalse();
  }

  @Test
  void theSmallerViolationDominatesTrainedOrNot() {
    Individual near = scored(.1, 110);
    Individual far = rejected(scores(0, 150));
    Individual impossible = rejected(Scorecard.EMPTY);
    assertThat(near.dominates(far)).isTrue();
    assertThat(far.dominates(impossible)).isTrue();
    assertThat(far.dominates(near)).isFalse();
    assertThat(impossible.dominates(impossible)).isFalse();
  }

  @Test
  void whatFailedHasNoWorth() {
    assertThat(Individual.of(new Outcome.Failed(1, GENOME, FailureKind.DIVERGED, "nan"), GOALS))
        .isEmpty();
    assertThat(Individual.of(new Outcome.Stopped(1, GENOME), GOALS)).isEmpty();
  }
}
