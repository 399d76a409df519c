package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
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
    Adam adam = Adam.withPenalty(LENGTH, DECAYED, DECAY);
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
  void adamWTakesTheDecayOffTheWeightsThemselves() {
    Adam adam = Adam.withDecoupledDecay(LENGTH, DECAYED, DECAY);
    float[] weights = gaussians();
    double[] expected = DoubleReference.toDouble(weights);
    double[] mean = new double[LENGTH];
    double[] square = new double[LENGTH];
    for (int t = 1; t <= 20; t++) {
      float[] gradients = gaussians();
      for (int i = 0; i < LENGTH; i++) {
        double g = gradients[i];
        mean[i] = 0.9 * mean[i] + 0.1 * g;
        square[i] = 0.999 * square[i] + 0.001 * g * g;
        double unbiasedMean = mean[i] / (1 - Math.pow(0.9, t));
        double unbiasedSquare = square[i] / (1 - Math.pow(0.999, t));
        double decay = i < DECAYED ? DECAY * expected[i] : 0;
        expected[i] -= RATE * (unbiasedMean / (Math.sqrt(unbiasedSquare) + 1e-8) + decay);
      }
      adam.step(weights, gradients, RATE);
    }
    for (int i = 0; i < LENGTH; i++) {
      assertThat((double) weights[i]).isCloseTo(expected[i], within(2e-5));
    }
  }

  @Test
  void longGradientsAreScaledToTheLimitAndShortOnesLeftAlone() {
    float[] gradients = {3, 0, -4};
    new GradientLimit(2.5).apply(gradients);
    assertThat(gradients).containsExactly(1.5f, 0f, -2f);
    new GradientLimit(2.6).apply(gradients);
    new GradientLimit(0).apply(gradients);
    assertThat(gradients).containsExactly(1.5f, 0f, -2f);
  }

  @Test
  void anAverageFollowsEarlyStepsFastAndLaterOnesByItsDecay() {
    float[] vector = {1};
    WeightAverage average = new WeightAverage(0.5, List.of(vector));
    double expected = 1;
    for (int t = 0; t < 30; t++) {
      vector[0] = t;
      double decay = Math.min(0.5, (1.0 + t) / (10.0 + t));
      expected = decay * expected + (1 - decay) * t;
      average.update();
    }
    average.exchange();
    assertThat((double) vector[0]).isCloseTo(expected, within(1e-5));
    average.exchange();
    assertThat(vector[0]).isEqualTo(29f);
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
    Optimizer[] all = {
      Adam.withPenalty(3, 3, 0.1), Adam.withDecoupledDecay(3, 3, 0.1), new NesterovSgd(3, 3, 0.1)
    };
    for (Optimizer optimizer : all) {
      float[] weights = new float[3];
      optimizer.step(weights, new float[3], 0.1);
      assertThat(weights).containsOnly(0f);
    }
  }
}
