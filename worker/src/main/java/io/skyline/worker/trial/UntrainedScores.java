package io.skyline.worker.trial;

import io.skyline.cost.CandidateCost;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.proxy.JacobianCovariance;
import io.skyline.worker.proxy.Synflow;
import io.skyline.worker.train.Engine;

/** The scores of a network before its training, as far as a task asks for them. */
final class UntrainedScores {
  /** As many as a usual batch has (Abdelfattah et al. 2021, section 3.1). */
  private static final int EXAMPLES = 64;

  private UntrainedScores() {}

  /**
   * Scores the network with which the training begins.
   *
   * @param examples of the training split
   */
  static Scorecard of(Plan plan, Engine engine, Examples examples) {
    Scorecard scores = Scorecard.EMPTY;
    if (plan.scores().isEmpty()) {
      return scores;
    }
    Scorecard costs = CandidateCost.of(plan.candidate());
    Network fresh =
        engine.fresh(plan.candidate().architecture(), plan.normalization(), plan.task().getSeed());
    for (Metric score : plan.scores()) {
      double value =
          switch (score) {
            case SYNFLOW -> Synflow.logOf(fresh);
            case JACOBIAN_COVARIANCE -> jacobianCovariance(engine, fresh, examples);
            default -> costs.value(score).orElseThrow();
          };
      scores = scores.with(score, Measurement.exact(value));
    }
    return scores;
  }

  private static double jacobianCovariance(Engine engine, Network fresh, Examples examples) {
    int batch = Math.min(EXAMPLES, examples.count());
    return JacobianCovariance.of(engine.inputGradients(fresh, examples, batch), batch);
  }
}
