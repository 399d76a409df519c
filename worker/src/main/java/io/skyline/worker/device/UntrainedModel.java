package io.skyline.worker.device;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.cost.Storage;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.Encoding.Range;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A network as it would be shipped, but with random weights: latency does not depend on what a
 * network has learned.
 */
final class UntrainedModel {
  private UntrainedModel() {}

  /** The model of a network without exits, normalizations folded. */
  static byte[] onnx(Architecture architecture, Storage storage) {
    List<Float> means = new ArrayList<>();
    for (int i = 0; i < architecture.input().channels(); i++) {
      means.add(120f + i); // unlike each other, as those of data are
    }
    Normalization normalization =
        new Normalization(means, means.stream().map(mean -> mean / 2).toList());
    Network network =
        BatchNormFolding.fold(new Network(architecture, weights(architecture), normalization));
    return OnnxWriter.write(network, encoding(network.architecture(), storage));
  }

  private static Encoding encoding(Architecture architecture, Storage storage) {
    return switch (storage) {
      case FP32, INTEGER_WEIGHTS -> Encoding.FLOAT32; // which the runtime makes of them
      case FP16 -> Encoding.FLOAT16;
      case INT8 -> new Encoding.Int8(ranges(architecture));
    };
  }

  /** Ranges like those of trained networks: runtimes fuse an activation that its range repeats. */
  private static Map<String, Range> ranges(Architecture architecture) {
    Map<String, Range> ranges = new HashMap<>();
    ranges.put(Architecture.INPUT, new Range(-2, 2));
    for (Node node : architecture.nodes()) {
      boolean positive = node.layer() instanceof Activation activation && isPositive(activation);
      ranges.put(node.name(), positive ? new Range(0, 1) : new Range(-1, 1));
    }
    return ranges;
  }

  private static boolean isPositive(Activation activation) {
    return switch (activation.function()) {
      case RELU, RELU6, HARD_SIGMOID, SIGMOID, ABS -> true;
      case HARD_SWISH, SIGN -> false;
    };
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
          values[i] =
              node.layer() instanceof BatchNorm
                  ? 1f
                  : (float) (bound * (2 * random.nextDouble() - 1));
        }
        tensors.put(Weights.key(node, parameter.name()), values);
      }
    }
    return new Weights(tensors);
  }
}
