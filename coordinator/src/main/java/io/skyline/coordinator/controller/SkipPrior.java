package io.skyline.coordinator.controller;

import io.skyline.space.Decision;
import java.util.List;

/**
 * How often skips are taken a priori (Pham et al. 2018, section 2.3): a policy is penalised for the
 * divergence from it of its decisions between {@code no} and {@code yes}.
 *
 * @param rate of {@code yes}, in (0, 1)
 * @param penalty weight of the Kullback-Leibler divergence, nats
 */
record SkipPrior(double rate, double penalty) {
  /** No skip is penalised. */
  static final SkipPrior NONE = new SkipPrior(0.5, 0);

  private static final List<String> VALUES = List.of("no", "yes");

  /** Whether a decision is a skip that is penalised. */
  boolean holds(Decision decision) {
    return penalty > 0 && decision.values().equals(VALUES);
  }

  /** Of a distribution over {@code no} and {@code yes}, nats. */
  double divergence(double[] shares) {
    return shares[0] * logRatio(shares, 0) + shares[1] * logRatio(shares, 1);
  }

  /** The logarithm of a share over the prior's. */
  double logRatio(double[] shares, int value) {
    return StrictMath.log(shares[value] / (value == 1 ? rate : 1 - rate));
  }
}
