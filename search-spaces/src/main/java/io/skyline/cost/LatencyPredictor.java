package io.skyline.cost;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Recipe;
import io.skyline.scorecard.Measurement;
import io.skyline.space.Candidate;

/**
 * Predicts latencies on a device from what each operator costs there: batch 1, one thread.
 *
 * <p>Of a network with exits it predicts the way to its end, past all of them.
 *
 * @param profile of the device
 */
public record LatencyPredictor(DeviceProfile profile) {
  /**
   * Predicts the latency of a network.
   *
   * @param architecture as deployed
   * @return microseconds
   */
  public double microseconds(Architecture architecture, Storage storage) {
    return profile
        .costs(storage)
        .microseconds(OperatorPlan.of(architecture, storage, profile.block()));
  }

  /**
   * Predicts the latency of a candidate: microseconds; the tolerance is the error that 95 % of the
   * predictions stay below. Not confident for one with exits, at which examples leave, nor for
   * dense layers on bytes whose ranges are taken as they run, which profiles do not know.
   */
  public Measurement of(Candidate candidate) {
    Recipe recipe = candidate.recipe();
    Architecture deployed = recipe.deployed(candidate.architecture());
    return new Measurement(
        microseconds(deployed, Storage.of(recipe)),
        profile.error().p95(),
        deployed.exits().isEmpty() && !isDynamic(recipe));
  }

  private static boolean isDynamic(Recipe recipe) {
    return recipe
        .quantization()
        .filter(quantization -> quantization.precision() == Precision.INT8_DYNAMIC)
        .isPresent();
  }
}
