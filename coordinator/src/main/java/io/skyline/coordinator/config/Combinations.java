package io.skyline.coordinator.config;

import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.Optional;

/** Ways to spend a budget that cannot be had together. */
record Combinations(Value.Mapping config, Problems problems) {
  private static final String PAUSES = "'halving' pauses trainings at rungs";
  private static final String DERIVES = "'sharing' derives its trials from shared weights";
  private static final String INHERITS = "'inherit' trains children for longer than their parents";

  /**
   * Reports each pair that a config asks for, at the second one's place.
   *
   * @param retrains whether the best of earlier runs are trained again first
   * @param inherits whether children begin with the weights of their parents
   */
  void check(boolean retrains, boolean inherits) {
    Optional<Value> halving =
        value(config, "budget")
            .filter(Value.Mapping.class::isInstance)
            .flatMap(budget -> value((Value.Mapping) budget, "halving"));
    Optional<Value> sharing = value(config, "sharing");
    Optional<Value> warm = value(config, EarlierSection.KEY);
    Optional<Value> inherit = value(config, "inherit").filter(value -> inherits);
    exclude(halving, PAUSES, sharing, "sharing");
    exclude(halving, PAUSES, inherit, "inherit");
    exclude(halving, PAUSES, warm.filter(value -> retrains), "retrain");
    exclude(sharing, DERIVES, inherit, "inherit");
    exclude(sharing, DERIVES, warm, EarlierSection.KEY);
    Optional<Value> prefilter = value(config, PrefilterSection.KEY);
    exclude(halving, PAUSES, prefilter, PrefilterSection.KEY);
    exclude(sharing, DERIVES, prefilter, PrefilterSection.KEY);
    exclude(inherit, INHERITS, prefilter, PrefilterSection.KEY);
  }

  private static Optional<Value> value(Value.Mapping mapping, String key) {
    return mapping.entry(key).map(Value.Entry::value);
  }

  private void exclude(Optional<Value> one, String reason, Optional<Value> other, String key) {
    if (one.isPresent() && other.isPresent()) {
      problems.add(
          other.get().place(),
          reason + ", which does not go with '" + key + "'",
          "Remove one of them.");
    }
  }
}
