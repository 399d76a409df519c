package io.skyline.worker.compress;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Slice;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which channels of a network have the same value at every place whatever the input: constants
 * followed from kernels' rows of zeros to where they are read.
 */
final class ConstantChannels {
  /** What is not known to be constant. */
  private static final double UNKNOWN = Double.NaN;

  private final Network network;
  private final Map<String, double[]> values = new HashMap<>();

  private ConstantChannels(Network network) {
    this.network = network;
  }

  /** By nodes' names the value of each channel; NaN where it may vary. */
  static Map<String, double[]> of(Network network) {
    ConstantChannels constants = new ConstantChannels(network);
    Architecture architecture = network.architecture();
    constants.values.put(Architecture.INPUT, unknown(architecture.input().channels()));
    for (Node node : architecture.nodes()) {
      List<double[]> inputs = node.inputs().stream().map(constants.values::get).toList();
      constants.values.put(node.name(), constants.through(node, inputs));
    }
    return constants.values;
  }

  private static double[] unknown(int channels) {
    double[] values = new double[channels];
    Arrays.fill(values, UNKNOWN);
    return values;
  }

  private double[] through(Node node, List<double[]> inputs) {
    double[] in = inputs.get(0);
    int channels = network.architecture().shape(node.name()).channels();
    Layer layer = node.layer();
    if (layer instanceof Convolution conv) {
      return made(node, in, conv.groups(), conv.padding() > 0);
    } else if (layer instanceof Dense) {
      return made(node, in, 1, false);
    } else if (layer instanceof Activation activation) {
      return Arrays.stream(in).map(x -> activation.function().of(x)).toArray();
    } else if (layer instanceof BatchNorm) {
      return normalized(node, in);
    } else if (layer instanceof Pooling || layer instanceof GlobalAveragePool) {
      return in;
    } else if (layer instanceof Add) {
      double[] sums = in.clone();
      Arrays.setAll(sums, c -> in[c] + inputs.get(1)[c]);
      return sums;
    } else if (layer instanceof Flatten) {
      int places = channels / in.length;
      double[] flat = new double[channels];
      Arrays.setAll(flat, i -> in[i / places]);
      return flat;
    } else if (layer instanceof Concat) {
      return inputs.stream().flatMapToDouble(Arrays::stream).toArray();
    } else if (layer instanceof Slice slice) {
      return Arrays.copyOfRange(in, slice.from(), slice.to());
    }
    return unknown(channels);
  }

  /** Of a convolution or dense layer: the bias of a row that meets nothing but constants. */
  private double[] made(Node node, double[] in, int groups, boolean padded) {
    float[] kernel = network.weights().get(node, "kernel");
    float[] bias = tensor(node, "bias");
    double[] made = new double[network.architecture().shape(node.name()).channels()];
    int inputs = in.length / groups;
    int taps = kernel.length / made.length / inputs;
    for (int o = 0; o < made.length; o++) {
      double sum = bias == null ? 0 : bias[o];
      int first = o / (made.length / groups) * inputs;
      for (int i = 0; i < inputs; i++) {
        int at = (o * inputs + i) * taps;
        sum += met(kernel, at, at + taps, in[first + i], padded);
      }
      made[o] = sum;
    }
    return made;
  }

  /** What the taps over one input channel add; unknown if that differs from place to place. */
  private static double met(float[] kernel, int from, int to, double value, boolean padded) {
    double sum = 0;
    boolean used = false;
    for (int i = from; i < to; i++) {
      sum += kernel[i];
      used |= kernel[i] != 0;
    }
    if (!used || value == 0) {
      return 0;
    }
    return padded ? UNKNOWN : value * sum;
  }

  private double[] normalized(Node node, double[] in) {
    double[] out = new double[in.length];
    float[] gamma = network.weights().get(node, "gamma");
    float[] beta = network.weights().get(node, "beta");
    float[] mean = network.weights().get(node, "mean");
    float[] variance = network.weights().get(node, "variance");
    for (int c = 0; c < in.length; c++) {
      double scale = gamma[c] / Math.sqrt((double) variance[c] + BatchNorm.EPSILON);
      out[c] = scale == 0 ? beta[c] : (in[c] - mean[c]) * scale + beta[c];
    }
    return out;
  }

  private float @Nullable [] tensor(Node node, String parameter) {
    return network.weights().tensors().get(Weights.key(node, parameter));
  }
}
