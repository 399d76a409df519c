package io.skyline.cost;

import io.skyline.architecture.Shape;

/**
 * What one layer adds to the cost of a deployed network.
 *
 * @param name the node, or {@code image} for the network's input
 * @param output shape of its output
 * @param fused whether it runs inside its producer (or is a view of it) and holds no values of its
 *     own
 * @param parameters numbers it stores, after batch normalizations are folded
 * @param macs multiply-accumulates of one inference
 * @param weightBytes bytes of those parameters as stored
 * @param liveBytes activations alive while it runs, its inputs and output included
 * @param femtojoules estimated energy of one inference
 */
public record LayerCost(
    String name,
    Shape output,
    boolean fused,
    long parameters,
    long macs,
    long weightBytes,
    long liveBytes,
    long femtojoules) {
  /** This layer together with one before it, which it makes a whole with. */
  LayerCost after(LayerCost before) {
    return new LayerCost(
        name,
        output,
        fused,
        before.parameters + parameters,
        before.macs + macs,
        before.weightBytes + weightBytes,
        Math.max(before.liveBytes, liveBytes),
        before.femtojoules + femtojoules);
  }

  /** The larger of this layer's and another's costs, each by itself. */
  LayerCost atMost(LayerCost other) {
    return new LayerCost(
        name,
        output,
        fused,
        Math.max(parameters, other.parameters),
        Math.max(macs, other.macs),
        Math.max(weightBytes, other.weightBytes),
        Math.max(liveBytes, other.liveBytes),
        Math.max(femtojoules, other.femtojoules));
  }
}
