package io.skyline.worker.trial;

import io.skyline.worker.compress.Encoded;
import io.skyline.worker.compress.ExitThresholds;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ExitOutputs;
import io.skyline.worker.score.ExitReport;
import java.util.List;
import java.util.Optional;

/**
 * How examples leave a compressed network.
 *
 * @param network that ships, its thresholds and shares included
 * @param exits empty if it has none
 */
record Leaving(Network network, Optional<Exits> exits) {
  /**
   * Of a network with exits.
   *
   * @param chosen how the thresholds came about
   * @param validation how its examples leave
   */
  record Exits(ExitThresholds chosen, ExitReport validation) {}

  /**
   * Thresholds from a slice of the training data, shares from the validation data.
   *
   * <p>The slice was trained on. That makes exits and the whole network surer of it alike: on
   * fashion-mini thresholds from 800 examples that were trained on were 0.724, 0.854, 0.917 and
   * 0.914 (after 3, 15 and 60 epochs, and after 30 without augmentation), those from slices of as
   * many unseen ones 0.726, 0.853, 0.915 and 0.904, so that nothing is held back for it.
   *
   * @param training with labels
   */
  record Rule(Examples training, Examples validation) {
    private static final int SLICE = 1000;

    Leaving of(Encoded compressed) {
      if (compressed.network().architecture().exits().isEmpty()) {
        return new Leaving(compressed.network(), Optional.empty());
      }
      ExitThresholds chosen = ExitThresholds.choose(compressed, training.spread(SLICE));
      List<float[]> said = ExitOutputs.of(chosen.network(), compressed.encoding(), validation);
      int classes = chosen.network().architecture().classes();
      Network network = chosen.network().with(chosen.network().exits().countedOn(said, classes));
      Exits exits = new Exits(chosen, ExitReport.of(network, said, validation));
      return new Leaving(network, Optional.of(exits));
    }
  }
}
