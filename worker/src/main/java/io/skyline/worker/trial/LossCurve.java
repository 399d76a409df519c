package io.skyline.worker.trial;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the loss fell.
 *
 * @param stages {@code train}, and {@code compress} for all fine-tunings one after the other; each
 *     with the mean loss over the batches of every epoch
 */
record LossCurve(Map<String, List<Double>> stages) {
  LossCurve {
    Map<String, List<Double>> copy = new TreeMap<>();
    stages.forEach((stage, losses) -> copy.put(stage, List.copyOf(losses)));
    stages = copy;
  }
}
