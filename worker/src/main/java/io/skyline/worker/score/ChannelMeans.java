package io.skyline.worker.score;

import io.skyline.architecture.Node;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * The mean that each channel of some layers takes over examples and places, of its values or of
 * something said of each, in float32.
 */
public final class ChannelMeans {
  private ChannelMeans() {}

  /**
   * Runs the network.
   *
   * @param layers of the network
   * @return by the layers' names, a number for each channel
   */
  public static Map<String, double[]> measure(
      Network network, List<Node> layers, Examples examples) {
    return measure(network, layers, examples, value -> value);
  }

  /** The same of what is said of each value. */
  public static Map<String, double[]> measure(
      Network network, List<Node> layers, Examples examples, DoubleUnaryOperator said) {
    List<String> names = layers.stream().map(Node::name).toList();
    Map<String, double[]> means = new HashMap<>();
    try (ModelSession session = ModelSession.load(OnnxWriter.writeValues(network, names))) {
      session.forEachBatch(
          examples,
          (from, outputs) -> {
            for (String name : names) {
              int channels = network.architecture().shape(name).channels();
              double[] sums = means.computeIfAbsent(name, key -> new double[channels]);
              int places =
                  Math.toIntExact(network.architecture().shape(name).elements()) / channels;
              add(ModelSession.tensor(outputs, OnnxWriter.values(name)), sums, places, said);
            }
          });
    }
    means.values().forEach(sums -> divide(sums, examples.count()));
    return means;
  }

  private static void add(FloatBuffer values, double[] sums, int places, DoubleUnaryOperator said) {
    for (int i = 0; values.hasRemaining(); i++) {
      sums[i / places % sums.length] += said.applyAsDouble(values.get()) / places;
    }
  }

  private static void divide(double[] sums, int by) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= by;
    }
  }
}
