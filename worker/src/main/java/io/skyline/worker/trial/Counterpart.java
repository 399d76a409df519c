package io.skyline.worker.trial;

import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.compress.Encoded;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.pack.PackedModel;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;

/**
 * The same network before its recipe, exported on its own, so that a card can say what compression
 * cost and gained.
 *
 * @param onnx the float32 model
 * @param scorecard what costs no time; {@link #score} adds what does, for published models only
 */
@SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
record Counterpart(byte[] onnx, Scorecard scorecard) {
  static Counterpart of(Network trained, Leaving.Rule rule, double trainSeconds) {
    Encoded float32 = new Encoded(BatchNormFolding.fold(trained), Encoding.FLOAT32);
    Network folded = rule.of(float32).network();
    byte[] onnx = OnnxWriter.write(folded, Encoding.FLOAT32);
    Scorecard scorecard =
        NetworkCost.of(folded.architecture(), Storage.FP32)
            .scorecard()
            .with(Metric.DOWNLOAD, Measurement.exact(onnx.length))
            .with(Metric.TRAIN_SECONDS, Measurement.exact(trainSeconds));
    return new Counterpart(onnx, scorecard);
  }

  /** This counterpart with its quality and packed size, which a trial does not wait for. */
  Scorecard score(Examples validation) {
    try (ModelSession session = ModelSession.load(onnx)) {
      return scorecard
          .with(Quality.of(session, validation))
          .with(Metric.SIZE, Measurement.exact(PackedModel.pack(onnx).length));
    }
  }
}
