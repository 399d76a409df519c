package io.skyline.worker.trial;

import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.Scorer;

/**
 * The same network before its recipe, exported and scored on its own, so that a card can say what
 * compression cost and gained.
 *
 * @param model the float32 model
 * @param scorecard everything but its latency: that costs seconds in which all slots pause, so only
 *     the Test task of a published model takes it
 */
record Counterpart(ExportedModel model, Scorecard scorecard) {
  static Counterpart of(Network trained, double trainSeconds, Examples validation) {
    ExportedModel model = ExportedModel.of(BatchNormFolding.fold(trained), Encoding.FLOAT32);
    Scorecard scorecard =
        new Scorer(null)
            .score(model, validation)
            .with(Metric.TRAIN_SECONDS, Measurement.exact(trainSeconds));
    return new Counterpart(model, scorecard);
  }
}
