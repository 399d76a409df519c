package io.skyline.worker.score;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.architecture.Shape;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The fixed network against which latencies are measured: 0.7 M MACs of ordinary, depthwise and
 * pointwise convolutions. Never change it: recorded latencies are ratios to it.
 */
final class ReferenceModel {
  private ReferenceModel() {}

  static byte[] onnx() {
    List<Layer> layers =
        List.of(
            new Convolution(16, 3, 1, 1, 1, true),
            new Activation(Activation.Function.RELU),
            new Convolution(16, 3, 2, 1, 16, true),
            new Convolution(32, 1, 1, 0, 1, true),
            new Activation(Activation.Function.RELU),
            new Convolution(32, 3, 2, 1, 1, true),
            new Activation(Activation.Function.RELU),
            new GlobalAveragePool(),
            new Dense(10, true));
    List<Node> nodes = new ArrayList<>();
    String last = Architecture.INPUT;
    for (Layer layer : layers) {
      String name = "layer" + nodes.size();
      nodes.add(new Node(name, layer, List.of(last)));
      last = name;
    }
    Architecture architecture = new Architecture(new Shape(1, 28, 28), nodes);
    Normalization normalization = new Normalization(List.of(128f), List.of(64f));
    return OnnxWriter.write(
        new Network(architecture, weights(architecture), normalization), Encoding.FLOAT32);
  }

  /** Weights that keep values in a normal range: denormal numbers are slow. */
  private static Weights weights(Architecture architecture) {
    SplittableRandom random = new SplittableRandom(1);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        float[] values = new float[parameter.size()];
        double bound = Math.sqrt(6.0 * parameter.dimensions().get(0) / parameter.size());
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        tensors.put(Weights.key(node, parameter.name()), values);
      }
    }
    return new Weights(tensors);
  }
}
