package io.skyline.worker.score;

import ai.onnxruntime.OrtSession;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.OnnxWriter.Probe;
import io.skyline.worker.network.Network;
import io.skyline.worker.train.DivergedException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Calibration: the ranges of a network's values over some training examples, for int8, by running
 * the float32 graph with the extremes of every value as outputs.
 *
 * <p>The ranges are the extremes. On four networks trained on fashion-mini, cutting the outermost
 * 0.01 % or 0.1 %, or minimizing the squared error, changed the accuracy of int8 by less than 0.4
 * points, up as often as down; so did 512 examples in place of 128.
 */
public final class ActivationRanges {
  private ActivationRanges() {}

  /**
   * Runs the network.
   *
   * @param network as it will be exported: batch normalizations folded
   * @param calibration training examples, a hundred or more
   * @throws IllegalArgumentException if there are none
   * @throws DivergedException if a value is not finite
   */
  public static Encoding.Int8 measure(Network network, Examples calibration) {
    if (calibration.count() == 0) {
      throw new IllegalArgumentException("no examples to calibrate int8 with");
    }
    List<String> names = new ArrayList<>(List.of(Architecture.INPUT));
    network.architecture().nodes().stream().map(Node::name).forEach(names::add);
    Map<String, Encoding.Range> ranges = new HashMap<>();
    try (ModelSession session = ModelSession.load(OnnxWriter.writeProbed(network))) {
      session.forEachBatch(
          calibration,
          (from, outputs) -> {
            for (String name : names) {
              ranges.merge(name, range(name, outputs), Encoding.Range::and);
            }
          });
    }
    return new Encoding.Int8(ranges);
  }

  private static Encoding.Range range(String name, OrtSession.Result outputs) {
    if (!Float.isFinite(value(outputs, Probe.SUM.of(name)))) {
      throw new DivergedException("the values of '" + name + "' are not finite");
    }
    return new Encoding.Range(
        value(outputs, Probe.LEAST.of(name)), value(outputs, Probe.LARGEST.of(name)));
  }

  private static float value(OrtSession.Result outputs, String name) {
    return ModelSession.tensor(outputs, name).get(0);
  }
}
