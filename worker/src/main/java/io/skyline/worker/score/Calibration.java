package io.skyline.worker.score;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding.Range;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures what static quantization must know: the range of the values of every node, from the
 * float model with every tensor as an output.
 */
public final class Calibration {
  private Calibration() {}

  /**
   * The smallest and largest value of {@link Architecture#INPUT} (normalised) and of every node.
   *
   * @param examples at least one; training data, never validation or test data
   */
  public static Map<String, Range> ranges(Network network, Examples examples) {
    if (examples.count() == 0) {
      throw new IllegalArgumentException("calibration needs at least one example");
    }
    List<String> names = new ArrayList<>(List.of(Architecture.INPUT));
    network.architecture().nodes().stream().map(Node::name).forEach(names::add);
    Map<String, Range> ranges = new LinkedHashMap<>();
    try (ModelSession session = ModelSession.load(OnnxWriter.writeProbed(network))) {
      session.forEachBatch(
          examples,
          (from, outputs) -> {
            for (String name : names) {
              Range range = range(ModelSession.tensor(outputs, OnnxWriter.tensor(name)));
              ranges.merge(name, range, Calibration::union);
            }
          });
    }
    return ranges;
  }

  private static Range range(FloatBuffer values) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    while (values.hasRemaining()) {
      float value = values.get();
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return new Range(low, high);
  }

  private static Range union(Range one, Range other) {
    return new Range(Math.min(one.low(), other.low()), Math.max(one.high(), other.high()));
  }
}
