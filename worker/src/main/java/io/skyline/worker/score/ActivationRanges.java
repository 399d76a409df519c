package io.skyline.worker.score;

import ai.onnxruntime.OrtSession;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.recipe.Calibration;
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
import java.util.Objects;

/**
 * Calibration: the ranges of a network's values over some training examples, for int8, by running
 * the float32 graph with the extremes of every value, or the values themselves, as outputs.
 *
 * <p>Extremes are the rule. On four networks trained on fashion-mini, cutting the outermost 0.01 %
 * or 0.1 %, or minimizing the squared error, changed the accuracy of int8 by less than 0.4 points,
 * up as often as down; so did 512 examples in place of 128.
 */
public final class ActivationRanges {
  private ActivationRanges() {}

  /**
   * The extremes.
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

  /**
   * The same, outside which values saturate as a calibration says.
   *
   * @throws IllegalArgumentException if there are no examples
   * @throws DivergedException if a value is not finite
   */
  public static Encoding.Int8 measure(Network network, Examples examples, Calibration calibration) {
    Encoding.Int8 extremes = measure(network, examples);
    if (calibration == Calibration.MIN_MAX) {
      return extremes;
    }
    Map<String, Magnitudes> magnitudes = magnitudes(network, examples, extremes.ranges());
    Map<String, Encoding.Range> ranges = new HashMap<>();
    extremes
        .ranges()
        .forEach(
            (name, range) -> {
              Magnitudes counted = Objects.requireNonNull(magnitudes.get(name));
              ranges.put(name, within(range, (float) limit(counted, calibration)));
            });
    return new Encoding.Int8(ranges);
  }

  private static Map<String, Magnitudes> magnitudes(
      Network network, Examples examples, Map<String, Encoding.Range> ranges) {
    Map<String, Magnitudes> magnitudes = new HashMap<>();
    ranges.forEach(
        (name, range) ->
            magnitudes.put(
                name, new Magnitudes(Math.max(Math.abs(range.low()), Math.abs(range.high())))));
    List<String> names = List.copyOf(ranges.keySet());
    try (ModelSession session = ModelSession.load(OnnxWriter.writeValues(network, names))) {
      session.forEachBatch(
          examples,
          (from, outputs) ->
              magnitudes.forEach(
                  (name, counted) ->
                      counted.add(ModelSession.tensor(outputs, OnnxWriter.values(name)))));
    }
    return magnitudes;
  }

  private static double limit(Magnitudes magnitudes, Calibration calibration) {
    return switch (calibration) {
      case MIN_MAX -> magnitudes.percentile(1);
      case PERCENTILE_99_9 -> magnitudes.percentile(0.999);
      case PERCENTILE_99_99 -> magnitudes.percentile(0.9999);
      case KL_DIVERGENCE -> magnitudes.leastDivergence();
    };
  }

  private static Encoding.Range within(Encoding.Range range, float limit) {
    float low = Math.min(Math.max(range.low(), -limit), range.high());
    return new Encoding.Range(low, Math.max(Math.min(range.high(), limit), low));
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
