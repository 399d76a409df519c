package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Metric;
import io.skyline.space.Genome;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExperienceTest {
  private static final Genome GENOME = new Genome(List.of(0), "a=0");

  @Test
  void whatWasNeverTrainedDoesNotEndTheWarmUp() {
    Experience experience =
        new Experience(new Goals(List.of(new Objective(Metric.ACCURACY)), List.of()), 4);
    Pending none = new Pending(List.of());

    experience.learn(new Outcome.Stopped(1, GENOME));
    assertThat(experience.warmingUp(1, 2, none)).isTrue();

    experience.learn(new Outcome.Failed(2, GENOME, FailureKind.DIVERGED, "diverged"));
    assertThat(experience.warmingUp(1, 3, none)).isFalse();
  }
}
