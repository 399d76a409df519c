package io.skyline.worker.score;

import ai.onnxruntime.OrtSession;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Calibration: the ranges of a network's values over some training examples, for int8, by running
 * the float32 graph with every value as an output.
 */
public final class ActivationRanges {
  private ActivationRanges() {}

  /**
   * Runs the network.
   *
   * @param network as it will be exported: batch normalizations folded
   * @param calibration training examples, a few hundred
   * @throws IllegalArgumentException if there are none
   */
  public static Encoding.Int8 measure(Network network, Examples calibration) {
    if (calibration.count() == 0) {
      throw new IllegalArgumentException("no examples to calibrate int8 with");
    }
    Map<String, ValueHistogram> histograms = new LinkedHashMap<>();
    histograms.put(Architecture.INPUT, new ValueHistogram());
    for (Node node : network.architecture().nodes()) {
      histograms.put(node.name(), new ValueHistogram());
    }
    try (ModelSession session = ModelSession.load(OnnxWriter.writeProbed(network))) {
      session.forEachBatch(
          calibration, (from, outputs) -> each(histograms, outputs, ValueHistogram::extend));
      session.forEachBatch(
          calibration, (from, outputs) -> each(histograms, outputs, ValueHistogram::count));
    }
    Map<String, Encoding.Range> ranges = new HashMap<>();
    histograms.forEach((name, histogram) -> ranges.put(name, histogram.range()));
    return new Encoding.Int8(ranges);
  }

  private interface Use {
    void of(ValueHistogram histogram, FloatBuffer values);
  }

  private static void each(
      Map<String, ValueHistogram> histograms, OrtSession.Result outputs, Use use) {
    histograms.forEach(
        (name, histogram) ->
            use.of(histogram, ModelSession.tensor(outputs, OnnxWriter.tensor(name))));
  }
}
