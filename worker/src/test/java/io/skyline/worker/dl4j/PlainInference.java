package io.skyline.worker.dl4j;

import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.worker.network.LayerDefinitions;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The meaning of every layer record at inference, in plain loops over doubles. */
public final class PlainInference {
  private PlainInference() {}

  /**
   * Class probabilities of normalised inputs.
   *
   * @param inputs {@code batch x channels x height x width}
   */
  public static double[] probabilities(Network network, double[] inputs, int batch) {
    int stride = inputs.length / batch;
    double[][] rows = new double[batch][];
    for (int i = 0; i < batch; i++) {
      rows[i] = softmax(scores(network, Arrays.copyOfRange(inputs, i * stride, (i + 1) * stride)));
    }
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  /** Class scores of one normalised example. */
  public static double[] scores(Network network, double[] image) {
    Architecture architecture = network.architecture();
    Map<String, double[]> values = new HashMap<>();
    values.put(Architecture.INPUT, image);
    for (Node node : architecture.nodes()) {
      double[] in = values.get(node.inputs().get(0));
      double[] other = values.get(node.inputs().get(node.inputs().size() - 1));
      values.put(node.name(), run(network, node, in, other));
    }
    return values.get(architecture.output().name());
  }

  private static double[] run(Network network, Node node, double[] in, double[] other) {
    Shape from = network.architecture().inputShapes(node).get(0);
    Shape to = network.architecture().shape(node.name());
    Weights weights = network.weights();
    int area = from.height() * from.width();
    double[] out = new double[Math.toIntExact(to.elements())];
    if (node.layer() instanceof Convolution conv) {
      float[] kernel = weights.get(node, "kernel");
      convolve(conv, from, to, in, kernel, out);
      if (conv.bias()) {
        bias(weights.get(node, "bias"), out);
      }
    } else if (node.layer() instanceof Dense dense) {
      float[] kernel = weights.get(node, "kernel");
      for (int o = 0; o < out.length; o++) {
        for (int i = 0; i < in.length; i++) {
          out[o] += in[i] * kernel[o * in.length + i];
        }
      }
      if (dense.bias()) {
        bias(weights.get(node, "bias"), out);
      }
    } else if (node.layer() instanceof BatchNorm) {
      for (int i = 0; i < in.length; i++) {
        int c = i / area;
        double deviation = Math.sqrt(weights.get(node, "variance")[c] + 1e-5);
        double standard = (in[i] - weights.get(node, "mean")[c]) / deviation;
        out[i] = weights.get(node, "gamma")[c] * standard + weights.get(node, "beta")[c];
      }
    } else if (node.layer() instanceof Pooling pooling) {
      pool(pooling, from, to, in, out);
    } else if (node.layer() instanceof GlobalAveragePool) {
      for (int i = 0; i < in.length; i++) {
        out[i / area] += in[i] / area;
      }
    } else if (node.layer() instanceof Add) {
      Arrays.setAll(out, i -> in[i] + other[i]);
    } else {
      return LayerDefinitions.apply(
          node.layer(), network.architecture().inputShapes(node), List.of(in, other));
    }
    return out;
  }

  private static void bias(float[] bias, double[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] += bias[i / (out.length / bias.length)];
    }
  }

  private static void convolve(
      Convolution conv, Shape from, Shape to, double[] in, float[] kernel, double[] out) {
    int perGroup = from.channels() / conv.groups();
    Window down = conv.rows();
    Window along = conv.columns();
    int rows = down.kernel();
    int k = along.kernel();
    for (int o = 0; o < to.channels(); o++) {
      int first = o / (to.channels() / conv.groups()) * perGroup;
      for (int y = 0; y < to.height(); y++) {
        for (int x = 0; x < to.width(); x++) {
          double sum = 0;
          for (int c = 0; c < perGroup; c++) {
            for (int ky = 0; ky < rows; ky++) {
              for (int kx = 0; kx < k; kx++) {
                int row = y * down.stride() - down.padding() + ky * down.dilation();
                int column = x * along.stride() - along.padding() + kx * along.dilation();
                if (row >= 0 && row < from.height() && column >= 0 && column < from.width()) {
                  sum +=
                      in[((first + c) * from.height() + row) * from.width() + column]
                          * kernel[((o * perGroup + c) * rows + ky) * k + kx];
                }
              }
            }
          }
          out[(o * to.height() + y) * to.width() + x] = sum;
        }
      }
    }
  }

  private static void pool(Pooling pooling, Shape from, Shape to, double[] in, double[] out) {
    boolean oneRow = pooling.form() == Window.Form.ROW;
    for (int c = 0; c < to.channels(); c++) {
      for (int y = 0; y < to.height(); y++) {
        for (int x = 0; x < to.width(); x++) {
          double sum = 0;
          double largest = Double.NEGATIVE_INFINITY;
          int count = 0;
          for (int ky = 0; ky < (oneRow ? 1 : pooling.kernel()); ky++) {
            for (int kx = 0; kx < pooling.kernel(); kx++) {
              int row = oneRow ? y : y * pooling.stride() - pooling.padding() + ky;
              int column = x * pooling.stride() - pooling.padding() + kx;
              if (row >= 0 && row < from.height() && column >= 0 && column < from.width()) {
                double value = in[(c * from.height() + row) * from.width() + column];
                sum += value;
                largest = Math.max(largest, value);
                count++;
              }
            }
          }
          boolean max = pooling.kind() == Pooling.Kind.MAX;
          out[(c * to.height() + y) * to.width() + x] = max ? largest : sum / count;
        }
      }
    }
  }

  private static double[] softmax(double[] scores) {
    double largest = Arrays.stream(scores).max().orElseThrow();
    double[] powers = Arrays.stream(scores).map(s -> Math.exp(s - largest)).toArray();
    double sum = Arrays.stream(powers).sum();
    return Arrays.stream(powers).map(p -> p / sum).toArray();
  }
}
