package io.skyline.worker.export;

import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.LayerDefinitions;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Inference by the definitions, in double precision, one example at a time: the reference. */
public final class DoubleInference {
  private DoubleInference() {}

  /** Class probabilities, examples x classes. */
  public static double[] predict(Network network, Examples examples) {
    Architecture architecture = network.architecture();
    int classes = architecture.classes();
    double[] all = new double[examples.count() * classes];
    for (int i = 0; i < examples.count(); i++) {
      double[] scores = values(network, examples, i).get(architecture.output().name());
      double[] probabilities = softmax(scores);
      System.arraycopy(probabilities, 0, all, i * classes, classes);
    }
    return all;
  }

  /** The value of every node, and of the normalised input, for one example. */
  public static Map<String, double[]> values(Network network, Examples examples, int example) {
    Architecture architecture = network.architecture();
    Map<String, double[]> values = new HashMap<>();
    values.put(Architecture.INPUT, normalized(network, examples, example));
    for (Node node : architecture.nodes()) {
      List<double[]> inputs = node.inputs().stream().map(values::get).toList();
      values.put(node.name(), apply(network, node, inputs));
    }
    return values;
  }

  private static double[] normalized(Network network, Examples examples, int example) {
    Shape shape = examples.shape();
    int plane = shape.height() * shape.width();
    double[] x = new double[plane * shape.channels()];
    for (int i = 0; i < x.length; i++) {
      int raw = examples.pixels()[example * x.length + i] & 0xff;
      double mean = network.normalization().mean().get(i / plane);
      double deviation = network.normalization().deviation().get(i / plane);
      x[i] = (raw - mean) / deviation;
    }
    return x;
  }

  private static double[] apply(Network network, Node node, List<double[]> inputs) {
    Shape in = network.architecture().inputShapes(node).get(0);
    Shape out = network.architecture().shape(node.name());
    double[] x = inputs.get(0);
    double[] y = new double[Math.toIntExact(out.elements())];
    if (node.layer() instanceof Convolution layer) {
      convolve(layer, network.weights(), node, in, out, x, y);
    } else if (node.layer() instanceof Dense layer) {
      float[] kernel = network.weights().get(node, "kernel");
      for (int o = 0; o < y.length; o++) {
        y[o] = layer.bias() ? network.weights().get(node, "bias")[o] : 0;
        for (int i = 0; i < x.length; i++) {
          y[o] += (double) kernel[o * x.length + i] * x[i];
        }
      }
    } else if (node.layer() instanceof BatchNorm) {
      int plane = in.height() * in.width();
      for (int i = 0; i < y.length; i++) {
        int c = i / plane;
        double deviation =
            Math.sqrt((double) network.weights().get(node, "variance")[c] + BatchNorm.EPSILON);
        y[i] =
            (x[i] - network.weights().get(node, "mean")[c])
                    / deviation
                    * network.weights().get(node, "gamma")[c]
                + network.weights().get(node, "beta")[c];
      }
    } else if (node.layer() instanceof Add) {
      for (int i = 0; i < y.length; i++) {
        y[i] = x[i] + inputs.get(1)[i];
      }
    } else if (node.layer() instanceof Pooling layer) {
      pool(layer, in, out, x, y);
    } else if (node.layer() instanceof GlobalAveragePool) {
      int plane = in.height() * in.width();
      for (int i = 0; i < x.length; i++) {
        y[i / plane] += x[i] / plane;
      }
    } else if (node.layer() instanceof Flatten) {
      System.arraycopy(x, 0, y, 0, x.length);
    } else {
      return LayerDefinitions.apply(node.layer(), network.architecture().inputShapes(node), inputs);
    }
    return y;
  }

  private static void convolve(
      Convolution layer, Weights weights, Node node, Shape in, Shape out, double[] x, double[] y) {
    float[] kernel = weights.get(node, "kernel");
    Window down = layer.rows();
    Window along = layer.columns();
    int rows = down.kernel();
    int k = along.kernel();
    int perGroup = in.channels() / layer.groups();
    int outputsPerGroup = layer.outputs() / layer.groups();
    for (int i = 0; i < y.length; i++) {
      int o = i / (out.height() * out.width());
      int row = i / out.width() % out.height();
      int column = i % out.width();
      double sum = layer.bias() ? weights.get(node, "bias")[o] : 0;
      for (int c = 0; c < perGroup; c++) {
        int channel = o / outputsPerGroup * perGroup + c;
        for (int dy = 0; dy < rows; dy++) {
          for (int dx = 0; dx < k; dx++) {
            int yy = row * down.stride() + dy * down.dilation() - down.padding();
            int xx = column * along.stride() + dx * along.dilation() - along.padding();
            if (yy >= 0 && yy < in.height() && xx >= 0 && xx < in.width()) {
              sum +=
                  kernel[((o * perGroup + c) * rows + dy) * k + dx]
                      * x[(channel * in.height() + yy) * in.width() + xx];
            }
          }
        }
      }
      y[i] = sum;
    }
  }

  private static void pool(Pooling layer, Shape in, Shape out, double[] x, double[] y) {
    boolean oneRow = layer.form() == Window.Form.ROW;
    for (int i = 0; i < y.length; i++) {
      int channel = i / (out.height() * out.width());
      int row = i / out.width() % out.height();
      int column = i % out.width();
      double maximum = Double.NEGATIVE_INFINITY;
      double sum = 0;
      int count = 0;
      for (int dy = 0; dy < (oneRow ? 1 : layer.kernel()); dy++) {
        for (int dx = 0; dx < layer.kernel(); dx++) {
          int yy = oneRow ? row : row * layer.stride() + dy - layer.padding();
          int xx = column * layer.stride() + dx - layer.padding();
          if (yy >= 0 && yy < in.height() && xx >= 0 && xx < in.width()) {
            double value = x[(channel * in.height() + yy) * in.width() + xx];
            maximum = Math.max(maximum, value);
            sum += value;
            count++;
          }
        }
      }
      y[i] = layer.kind() == Pooling.Kind.MAX ? maximum : sum / count;
    }
  }

  private static double[] softmax(double[] scores) {
    double maximum = Double.NEGATIVE_INFINITY;
    for (double score : scores) {
      maximum = Math.max(maximum, score);
    }
    double sum = 0;
    double[] probabilities = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] = Math.exp(scores[i] - maximum);
      sum += probabilities[i];
    }
    for (int i = 0; i < scores.length; i++) {
      probabilities[i] /= sum;
    }
    return probabilities;
  }
}
