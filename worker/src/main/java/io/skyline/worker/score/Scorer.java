package io.skyline.worker.score;

import io.skyline.cost.NetworkCost;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.ExportedModel;

/** Takes the numbers of a scorecard from the exported file, never from the trainer. */
public final class Scorer {
  private Scorer() {}

  /**
   * Scores a model, but for its latency, which costs seconds.
   *
   * @param validation examples that the model's quality is taken on
   */
  public static Scorecard score(ExportedModel model, Examples validation) {
    return NetworkCost.of(model.architecture(), model.storage())
        .scorecard()
        .with(quality(model, validation))
        .with(Metric.SIZE, Measurement.exact(model.packed().length))
        .with(Metric.DOWNLOAD, Measurement.exact(model.onnx().length));
  }

  private static Scorecard quality(ExportedModel model, Examples validation) {
    try (ModelSession session = ModelSession.load(model.onnx())) {
      return Quality.of(session, validation);
    }
  }
}
