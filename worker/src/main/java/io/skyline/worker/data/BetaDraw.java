package io.skyline.worker.data;

import java.util.SplittableRandom;

/**
 * Draws from Beta(alpha, alpha) by Jöhnk's rejection (1964); fast for the small alphas of mixup.
 */
final class BetaDraw {
  private BetaDraw() {}

  /**
   * One number in [0, 1], the same on every machine.
   *
   * @param alpha above 0; beyond 4 rejections dominate
   */
  static double draw(double alpha, SplittableRandom random) {
    while (true) {
      double one = StrictMath.pow(random.nextDouble(), 1 / alpha);
      double other = StrictMath.pow(random.nextDouble(), 1 / alpha);
      double sum = one + other;
      if (sum > 0 && sum <= 1) {
        return one / sum;
      }
    }
  }
}
