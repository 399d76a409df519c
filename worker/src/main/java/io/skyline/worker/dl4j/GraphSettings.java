package io.skyline.worker.dl4j;

import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.train.JointLoss;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * What an architecture leaves open of a DL4J graph.
 *
 * @param type of parameters and activations, FLOAT or DOUBLE
 * @param updater the rule by which {@code fit} changes parameters
 * @param weightDecay strength on kernels
 * @param decoupledDecay whether the decay acts on the weights, times the learning rate, instead of
 *     being an L2 penalty
 * @param exitWeight that the loss of each exit is multiplied with
 * @param normalization put in front as a frozen layer, so that the graph takes raw values; null for
 *     a graph that takes normalised values
 * @param target how the number that the graph predicts is scaled, which a graph with normalisation
 *     undoes; null for classes
 */
record GraphSettings(
    DataType type,
    IUpdater updater,
    double weightDecay,
    boolean decoupledDecay,
    double exitWeight,
    @Nullable Normalization normalization,
    Normalization.@Nullable Target target) {

  /** A graph over a network's normalised values. */
  static GraphSettings normalised(
      DataType type, IUpdater updater, double weightDecay, Network network) {
    return new GraphSettings(
        type,
        updater,
        weightDecay,
        false,
        JointLoss.WEIGHT,
        null,
        network.normalization().target().orElse(null));
  }

  /** These settings with the decay acting on the weights themselves. */
  GraphSettings withDecoupledDecay() {
    return new GraphSettings(type, updater, weightDecay, true, exitWeight, normalization, target);
  }

  /**
   * A graph over raw values, as others will run it; whoever trains it further weighs its losses.
   */
  static GraphSettings raw(DataType type, IUpdater updater, Network network) {
    Normalization normalization = network.normalization();
    return new GraphSettings(
        type, updater, 0, false, 1, normalization, normalization.target().orElse(null));
  }

  /** A graph over normalised values whose parameters nothing changes. */
  static GraphSettings fixed(DataType type, Network network) {
    return normalised(type, new NoOp(), 0, network);
  }
}
