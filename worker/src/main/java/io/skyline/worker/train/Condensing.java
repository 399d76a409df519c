package io.skyline.worker.train;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Node;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * The learned group convolutions of a network in training (Huang et al. 2018, sections 3.1 and
 * 3.2): stage by stage in the first half of the steps their groups drop inputs, whose weights are
 * zero from then on.
 */
final class Condensing {
  private final List<LearnedGroups> layers = new ArrayList<>();
  private final long steps;
  private final double penalty;

  /**
   * @param steps of the whole training
   * @param penalty strength of the group lasso
   */
  Condensing(Architecture architecture, Parameters parameters, long steps, double penalty) {
    this.steps = steps;
    this.penalty = penalty;
    for (Node node : architecture.nodes()) {
      if (node.layer() instanceof LearnedGroupConvolution learned) {
        int inputs = architecture.inputShapes(node).get(0).channels();
        String key = Weights.key(node, "kernel");
        layers.add(
            new LearnedGroups(
                learned, inputs, parameters.slot(key), parameters.flat().offset(key)));
      }
    }
  }

  /**
   * Does the condensing stages that come before a step.
   *
   * @param weights all of them, flat
   * @param companions vectors with a number for each weight that is to be forgotten with it
   * @return whether weights have changed
   */
  boolean advance(long step, float[] weights, List<float[]> companions) {
    boolean changed = false;
    for (LearnedGroups layer : layers) {
      if (layer.advance(weights, step, steps)) {
        layer.clear(weights);
        companions.forEach(layer::clear);
        changed = true;
      }
    }
    return changed;
  }

  /** Takes dropped weights out of a gradient, and adds the penalty's. */
  void adjust(float[] weights, float[] gradients) {
    for (LearnedGroups layer : layers) {
      layer.clear(gradients);
      if (penalty > 0) {
        layer.addPenalty(weights, gradients, penalty);
      }
    }
  }

  /** Whether every group reads only the inputs that it keeps. */
  boolean isDone() {
    return layers.stream().allMatch(LearnedGroups::isCondensed);
  }
}
