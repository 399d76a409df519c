package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Update rules against their papers' formulas in double precision. */
class OptimizerTest {
  private static final int LENGTH = 13;
  private static final int DECAYED = 5;
  private static final double DECAY = 0.01;
  private static final double RATE = 0.05;

  private final SplittableRandom random = new SplittableRandom(4);

  private float[] gaussians() {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static double penalised(double gradient, double weight, int index) {
    return gradient + (index < DECAYED ? DECAY * weight : 0);
  }

  @Test
  void adamFollowsAlgorithmOne() {
    Adam adam = new Adam(LENGTH, DECAYED, DECAY);
    float[] weights = gaussians();
    double[] expected = DoubleReference.toDouble(weights);
    double[] mean = new double[LENGTH];
    double[] square = new double[LENGTH];
    for (int t = 1; t <= 20; t++) {
      float[] gradients = gaussians();
      for (int i = 0; i < LENGTH; i++) {
        double g = penalised(gradients[i], expected[i], i);
        mean[i] = 0.9 * mean[i] + 0.1 * g;
        square[i] = 0.999 * square[i] + 0.001 * g * g;
        double unbiasedMean = mean[i] / (1 - Math.pow(0.9, t));
        double unbiasedSquare = square[i] / (1 - Math.pow(0.999, t));
        expected[i] -= RATE * unbiasedMean / (Math.sqrt(unbiasedSquare) + 1e-8);
      }
      adam.step(weights, gradients, RATE);
    }
    for (int i = 0; i < LENGTH; i++) {
      assertThat((double) weights[i]).isCloseTo(expected[i], within(2e-5));
    }
  }

  @Test
  void sgdLooksAheadAlongItsVelocity() {
    NesterovSgd sgd = new NesterovSgd(LENGTH, DECAYED, DECAY);
    float[] weights = gaussians();
    double[] expected = DoubleReference.toDouble(weights);
    double[] velocity = new double[LENGTH];
    for (int t = 1; t <= 20; t++) {
      float[] gradients = gaussians();
      for (int i = 0; i < LENGTH; i++) {
        double g = penalised(gradients[i], expected[i], i);
        velocity[i] = 0.9 * velocity[i] + g;
        expected[i] -= RATE * (g + 0.9 * velocity[i]);
      }
      sgd.step(weights, gradients, RATE);
    }
    for (int i = 0; i < LENGTH; i++) {
      assertThat((double) weights[i]).isCloseTo(expected[i], within(2e-5));
    }
  }

  @Test
  void weightsOfZeroWithoutGradientStayZero() {
    // The padding of blocked kernels relies on it.
    for (Optimizer optimizer : new Optimizer[] {new Adam(3, 3, 0.1), new NesterovSgd(3, 3, 0.1)}) {
      float[] weights = new float[3];
      optimizer.step(weights, new float[3], 0.1);
      assertThat(weights).containsOnly(0f);
    }
  }

  @Test
  void risesLinearlyThenFallsAlongACosineToZero() {
    CosineSchedule schedule = new CosineSchedule(0.8, 3, 103);
    assertThat(schedule.rate(0)).isCloseTo(0.2, within(1e-12));
    assertThat(schedule.rate(2)).isCloseTo(0.6, within(1e-12));
    assertThat(schedule.rate(3)).isCloseTo(0.8, within(1e-12));
    assertThat(schedule.rate(53)).isCloseTo(0.4, within(1e-12));
    assertThat(schedule.rate(28)).isCloseTo(0.4 + 0.4 * Math.sqrt(0.5), within(1e-12));
    assertThat(schedule.rate(102)).isPositive().isLessThan(0.001);
    assertThat(new CosineSchedule(0.8, 0, 1).rate(0)).isCloseTo(0.8, within(1e-12));
  }

  @Test
  void staysWithinThePeakWhenTheWarmUpIsLongerThanTheTraining() {
    CosineSchedule schedule = new CosineSchedule(0.8, 10, 5);
    for (int step = 0; step < 5; step++) {
      assertThat(schedule.rate(step)).isBetween(0.0, 0.8);
    }
  }

  @Test
  void softmaxSurvivesHugeLogitsAndItsGradientIsTheDerivative() {
    float[] logits = {1000f, 998f, 3f, -1f, 0.5f, 2f};
    int[] labels = {1, 2};
    float[] gradient = new float[6];
    double loss = SoftmaxCrossEntropy.loss(logits, labels, 3, 0.2, gradient);
    assertThat(loss).isFinite();
    for (int i = 0; i < 6; i++) {
      float step = 1f / 64;
      float[] above = logits.clone();
      above[i] += step;
      float[] below = logits.clone();
      below[i] -= step;
      double derivative =
          (SoftmaxCrossEntropy.loss(above, labels, 3, 0.2, new float[6])
                  - SoftmaxCrossEntropy.loss(below, labels, 3, 0.2, new float[6]))
              / (2 * step);
      assertThat((double) gradient[i]).isCloseTo(derivative, within(1e-4));
    }
    float[] probabilities = new float[9];
    SoftmaxCrossEntropy.probabilities(logits, 2, 3, probabilities, 1);
    assertThat(Arrays.copyOf(probabilities, 3)).containsOnly(0f);
    assertThat(probabilities[3]).isCloseTo(0.8808f, within(1e-4f));
    assertThat(probabilities[6] + probabilities[7] + probabilities[8]).isCloseTo(1f, within(1e-6f));
  }
}
