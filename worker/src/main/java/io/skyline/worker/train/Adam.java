package io.skyline.worker.train;

import java.util.List;

/**
 * Adam (Kingma and Ba 2015, algorithm 1) with bias correction.
 *
 * <p>Weight decay is an L2 penalty in the gradient, or decoupled from it: each step then takes the
 * decay's share, times the learning rate, off the weights themselves (AdamW, Loshchilov and Hutter
 * 2019, algorithm 2).
 */
final class Adam implements Optimizer {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final float[] mean;
  private final float[] square;
  private final int decayed;
  private final float penalty;
  private final double decoupled;
  private int steps;

  private Adam(int length, int decayed, double penalty, double decoupled) {
    this.mean = new float[length];
    this.square = new float[length];
    this.decayed = decayed;
    this.penalty = (float) penalty;
    this.decoupled = decoupled;
  }

  static Adam withPenalty(int length, int decayed, double decay) {
    return new Adam(length, decayed, decay, 0);
  }

  static Adam withDecoupledDecay(int length, int decayed, double decay) {
    return new Adam(length, decayed, 0, decay);
  }

  @Override
  public void step(float[] weights, float[] gradients, double rate) {
    steps++;
    Optimizer.addDecay(weights, gradients, decayed, penalty);
    shrink(weights, decayed, (float) (1 - rate * decoupled));
    double correction1 = 1 - Math.pow(BETA1, steps);
    double correction2 = 1 - Math.pow(BETA2, steps);
    float scale = (float) (rate / correction1);
    float root = (float) (1 / Math.sqrt(correction2));
    update(weights, gradients, mean, square, scale, root);
  }

  @Override
  public void resume(long before) {
    steps = Math.toIntExact(before);
  }

  @Override
  public List<float[]> memory() {
    return List.of(mean, square);
  }

  private static void shrink(float[] weights, int count, float factor) {
    if (factor != 1) {
      for (int i = 0; i < count; i++) {
        weights[i] *= factor;
      }
    }
  }

  private static void update(
      float[] w, float[] g, float[] mean, float[] square, float scale, float root) {
    for (int i = 0; i < w.length; i++) {
      float m = mean[i] * BETA1 + g[i] * (1 - BETA1);
      float v = square[i] * BETA2 + g[i] * g[i] * (1 - BETA2);
      mean[i] = m;
      square[i] = v;
      w[i] -= scale * m / ((float) Math.sqrt(v) * root + EPSILON);
    }
  }
}
