package io.skyline.worker.dl4j;

import io.skyline.worker.network.Normalization;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * What an architecture leaves open of a DL4J graph.
 *
 * @param type of parameters and activations, FLOAT or DOUBLE
 * @param updater the rule by which {@code fit} changes parameters
 * @param weightDecay L2 strength on kernels
 * @param normalization put in front as a frozen layer, so that the graph takes raw values; null for
 *     a graph that takes normalised values
 */
record GraphSettings(
    DataType type, IUpdater updater, double weightDecay, @Nullable Normalization normalization) {

  /** A graph over normalised values whose parameters nothing changes. */
  static GraphSettings fixed(DataType type) {
    return new GraphSettings(type, new NoOp(), 0, null);
  }
}
