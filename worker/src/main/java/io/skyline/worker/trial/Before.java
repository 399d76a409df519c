package io.skyline.worker.trial;

import io.skyline.cost.NetworkCost;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.worker.compress.Compression;
import io.skyline.worker.compress.Compression.Stage;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.pack.PackedModel;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import java.util.ArrayList;
import java.util.List;

/**
 * A network before some step of its recipe, exported on its own, so that a card can say what each
 * step cost and gained.
 *
 * @param step that left it
 * @param onnx the model
 * @param scorecard what is known of it
 */
@SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
record Before(String step, byte[] onnx, Scorecard scorecard) {
  /**
   * All stages of a compression but the last, with what costs no time to know.
   *
   * @param trainSeconds CPU time until the first
   */
  static List<Before> of(Compression compression, Leaving.Rule rule, double trainSeconds) {
    List<Before> before = of(compression, rule);
    if (!before.isEmpty()) {
      Before first = before.get(0);
      Measurement seconds = Measurement.exact(trainSeconds);
      Scorecard scorecard = first.scorecard().with(Metric.TRAIN_SECONDS, seconds);
      before.set(0, new Before(first.step(), first.onnx(), scorecard));
    }
    return before;
  }

  /** The same of a network that was trained elsewhere. */
  static List<Before> of(Compression compression, Leaving.Rule rule) {
    List<Before> before = new ArrayList<>();
    for (Stage stage : compression.stages().subList(0, compression.stages().size() - 1)) {
      Network network = rule.of(stage.encoded()).network();
      byte[] onnx = OnnxWriter.write(network, stage.encoded().encoding());
      Scorecard scorecard =
          NetworkCost.of(
                  network.architecture(),
                  ExportedModel.storage(network.architecture(), stage.encoded().encoding()))
              .scorecard()
              .with(Metric.DOWNLOAD, Measurement.exact(onnx.length));
      before.add(new Before(stage.step(), onnx, scorecard));
    }
    return before;
  }

  /** What is known with quality and packed size, which a trial does not wait for. */
  Scorecard score(Examples validation) {
    try (ModelSession session = ModelSession.load(onnx)) {
      return scorecard
          .with(Quality.of(session, validation))
          .with(Metric.SIZE, Measurement.exact(PackedModel.pack(onnx).length));
    }
  }
}
