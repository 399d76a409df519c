package io.skyline.coordinator.controller;

import java.util.Arrays;
import java.util.List;

/**
 * The kernel's most probable parameters given observations, by sign-based gradient ascent (Rprop:
 * Riedmiller and Braun 1993) from the prior, so that they are a function of the observations.
 */
final class KernelFit {
  private static final int STEPS = 15;
  private static final double LEAST = -10;
  private static final double MOST = 3;

  private KernelFit() {}

  static GenomeKernel.Fitted of(GenomeKernel kernel, List<int[]> codes, double[] values) {
    double[] parameters = kernel.prior();
    double[] pace = new double[parameters.length];
    Arrays.fill(pace, .2);
    double[] last = new double[parameters.length];
    GenomeKernel.Fitted best = kernel.with(parameters);
    double most = Double.NEGATIVE_INFINITY;
    for (int step = 0; step <= STEPS; step++) {
      GenomeKernel.Fitted fitted = kernel.with(parameters);
      GaussianProcess process = new GaussianProcess(fitted, codes, values, new double[0][]);
      double probability = process.logLikelihood() + kernel.logPrior(parameters);
      if (probability > most) {
        most = probability;
        best = fitted;
      }
      double[] likelihood = process.logLikelihoodGradient();
      double[] prior = kernel.logPriorGradient(parameters);
      for (int i = 0; i < parameters.length; i++) {
        double slope = likelihood[i] + prior[i];
        double turn = slope * last[i];
        pace[i] = turn > 0 ? Math.min(1.3 * pace[i], 1) : turn < 0 ? .5 * pace[i] : pace[i];
        double next = parameters[i] + Math.signum(slope) * pace[i];
        parameters[i] = Math.max(LEAST, Math.min(MOST, next));
        last[i] = slope;
      }
    }
    return best;
  }
}
