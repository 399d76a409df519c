package io.skyline.worker.train;

import java.util.List;

/**
 * Stochastic gradient descent with Nesterov momentum 0.9 (Sutskever et al. 2013, in the form that
 * looks ahead from the current weights); the L2 penalty in the gradient.
 */
final class NesterovSgd implements Optimizer {
  private static final float MOMENTUM = 0.9f;

  private final float[] velocity;
  private final int decayed;
  private final float decay;

  NesterovSgd(int length, int decayed, double decay) {
    this.velocity = new float[length];
    this.decayed = decayed;
    this.decay = (float) decay;
  }

  @Override
  public void step(float[] weights, float[] gradients, double rate) {
    Optimizer.addDecay(weights, gradients, decayed, decay);
    update(weights, gradients, velocity, (float) rate);
  }

  @Override
  public List<float[]> memory() {
    return List.of(velocity);
  }

  private static void update(float[] w, float[] g, float[] velocity, float rate) {
    for (int i = 0; i < w.length; i++) {
      float v = velocity[i] * MOMENTUM + g[i];
      velocity[i] = v;
      w[i] -= rate * (g[i] + MOMENTUM * v);
    }
  }
}
