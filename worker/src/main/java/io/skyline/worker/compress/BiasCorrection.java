package io.skyline.worker.compress;

import io.skyline.architecture.Node;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.score.ChannelMeans;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of biases how far rounded weights move the mean of each output channel on calibration
 * data (Nagel et al. 2019, "Data-Free Quantization through Weight Equalization and Bias
 * Correction", section 4.2, measured rather than derived). Layer by layer, each after those before
 * it; layers without a bias stay.
 */
final class BiasCorrection {
  private BiasCorrection() {}

  /**
   * The rounded network with other biases.
   *
   * @param exact the network before rounding, normalizations folded
   */
  static Network of(Network exact, Network rounded, Examples calibration) {
    List<Node> layers =
        rounded.architecture().nodes().stream()
            .filter(node -> bias(rounded, node) != null)
            .toList();
    Map<String, double[]> wanted = ChannelMeans.measure(exact, layers, calibration);
    Network corrected = rounded;
    for (Node layer : layers) {
      Map<String, double[]> means = ChannelMeans.measure(corrected, List.of(layer), calibration);
      corrected = shifted(corrected, layer, of(wanted, layer), of(means, layer));
    }
    return corrected;
  }

  private static double[] of(Map<String, double[]> means, Node layer) {
    return Objects.requireNonNull(means.get(layer.name()));
  }

  private static float @Nullable [] bias(Network network, Node node) {
    return network.weights().tensors().get(Weights.key(node, "bias"));
  }

  private static Network shifted(Network network, Node layer, double[] wanted, double[] means) {
    float[] bias = Objects.requireNonNull(bias(network, layer)).clone();
    for (int channel = 0; channel < bias.length; channel++) {
      bias[channel] += (float) (wanted[channel] - means[channel]);
    }
    Map<String, float[]> tensors = new LinkedHashMap<>(network.weights().tensors());
    tensors.put(Weights.key(layer, "bias"), bias);
    return new Network(network.architecture(), new Weights(tensors), network.normalization());
  }
}
