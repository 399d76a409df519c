package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.Schedule.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import java.util.List;
import org.junit.jupiter.api.Test;

class LearningRateTest {
  @Test
  void risesLinearlyThenFallsAlongACosineToZero() {
    LearningRate rate = new LearningRate.Cosine(0.8, 3, 103);
    assertThat(rate.at(0)).isCloseTo(0.2, within(1e-12));
    assertThat(rate.at(2)).isCloseTo(0.6, within(1e-12));
    assertThat(rate.at(3)).isCloseTo(0.8, within(1e-12));
    assertThat(rate.at(53)).isCloseTo(0.4, within(1e-12));
    assertThat(rate.at(28)).isCloseTo(0.4 + 0.4 * Math.sqrt(0.5), within(1e-12));
    assertThat(rate.at(102)).isPositive().isLessThan(0.001);
    assertThat(new LearningRate.Cosine(0.8, 0, 1).at(0)).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void staysWithinThePeakWhenTheWarmUpIsLongerThanTheTraining() {
    LearningRate rate = new LearningRate.Cosine(0.8, 10, 5);
    for (int step = 0; step < 5; step++) {
      assertThat(rate.at(step)).isBetween(0.0, 0.8);
    }
  }

  /** The values of PyTorch's OneCycleLR(max_lr=1, total_steps=20). */
  @Test
  void oneCycleClimbsForThirtyPercentAndFallsFarBelowItsStart() {
    LearningRate rate = new LearningRate.OneCycle(1, 20);
    assertThat(rate.at(0)).isCloseTo(0.04, within(1e-12));
    assertThat(rate.at(5)).isCloseTo(1, within(1e-12));
    double half = 0.04 + 0.96 / 2 * (1 - Math.cos(Math.PI * 2 / 5));
    assertThat(rate.at(2)).isCloseTo(half, within(1e-12));
    assertThat(rate.at(12)).isCloseTo(0.5 + 2e-6, within(1e-9));
    assertThat(rate.at(19)).isCloseTo(4e-6, within(1e-12));
  }

  @Test
  void oneCycleOfAStepOrTwoStaysWithinItsPeak() {
    for (int steps = 1; steps < 4; steps++) {
      for (int step = 0; step < steps; step++) {
        assertThat(new LearningRate.OneCycle(1, steps).at(step)).isBetween(1e-6, 1.0);
      }
    }
  }

  @Test
  void dropsAtItsSharesOfTheTraining() {
    TrainingPlan plan =
        new TrainingPlan(
            10,
            64,
            Optimizer.SGD,
            new Schedule(Shape.STEP, 0.4, 0.1, List.of(0.25, 0.8), 0.5),
            new Regularization(0, 0),
            Augmentation.NONE);
    LearningRate rate = LearningRate.of(plan, 20);
    assertThat(rate.at(0)).isCloseTo(0.4 / 3, within(1e-12));
    assertThat(rate.at(2)).isEqualTo(0.4);
    assertThat(rate.at(49)).isEqualTo(0.4);
    assertThat(rate.at(50)).isEqualTo(0.2);
    assertThat(rate.at(159)).isEqualTo(0.2);
    assertThat(rate.at(160)).isEqualTo(0.1);
    assertThat(rate.at(199)).isEqualTo(0.1);
  }
}
