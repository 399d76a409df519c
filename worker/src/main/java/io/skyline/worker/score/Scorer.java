package io.skyline.worker.score;

import io.skyline.cost.NetworkCost;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.ExportedModel;
import org.jspecify.annotations.Nullable;

/** Takes every number of a scorecard from the exported file, never from the trainer. */
public final class Scorer {
  private final @Nullable LatencyMeter latency;

  /**
   * @param latency null where latency matters to nobody: it costs seconds
   */
  public Scorer(@Nullable LatencyMeter latency) {
    this.latency = latency;
  }

  /**
   * Scores a model.
   *
   * @param validation examples that the model's quality is taken on
   */
  public Scorecard score(ExportedModel model, Examples validation) {
    Scorecard scorecard =
        NetworkCost.of(model.architecture(), model.storage())
            .scorecard()
            .with(quality(model, validation))
            .with(Metric.SIZE, Measurement.exact(model.packed().length))
            .with(Metric.DOWNLOAD, Measurement.exact(model.onnx().length));
    return latency == null
        ? scorecard
        : scorecard.with(Metric.LATENCY, latency.measure(model.onnx()));
  }

  private static Scorecard quality(ExportedModel model, Examples validation) {
    try (ModelSession session = ModelSession.load(model.onnx())) {
      return Quality.of(session, validation);
    }
  }
}
