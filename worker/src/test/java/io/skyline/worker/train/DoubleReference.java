package io.skyline.worker.train;

import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.worker.network.LayerDefinitions;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every layer in double precision by its textbook definition: slow, plain, and the judge. */
final class DoubleReference {
  private final Architecture architecture;
  private final int batch;
  private final boolean training;
  private final Map<String, double[]> weights = new HashMap<>();
  final Map<String, double[]> batchMeans = new HashMap<>();
  final Map<String, double[]> batchVariances = new HashMap<>();

  DoubleReference(Architecture architecture, Weights weights, int batch, boolean training) {
    this.architecture = architecture;
    this.batch = batch;
    this.training = training;
    weights.tensors().forEach((key, values) -> this.weights.put(key, toDouble(values)));
  }

  static double[] toDouble(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }

  /** The live values of a tensor, to be nudged. */
  double[] weight(String key) {
    return weights.get(key);
  }

  /** The derivative of the loss by one weight, by central differences. */
  double derivative(String key, int index, double[] images, int[] labels, double smoothing) {
    double[] values = weights.get(key);
    double before = values[index];
    double step = 1e-6;
    values[index] = before + step;
    double above = loss(images, labels, smoothing);
    values[index] = before - step;
    double below = loss(images, labels, smoothing);
    values[index] = before;
    return (above - below) / (2 * step);
  }

  double loss(double[] images, int[] labels, double smoothing) {
    double[] logits = logits(images);
    int classes = architecture.classes();
    double total = 0;
    for (int n = 0; n < batch; n++) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(logits[n * classes + c]);
      }
      for (int c = 0; c < classes; c++) {
        double target = smoothing / classes + (labels[n] == c ? 1 - smoothing : 0);
        total -= target * (logits[n * classes + c] - Math.log(sum));
      }
    }
    return total / batch;
  }

  double[] logits(double[] images) {
    Map<String, double[]> values = new HashMap<>();
    values.put(Architecture.INPUT, images);
    for (Node node : architecture.nodes()) {
      double[] x = values.get(node.inputs().get(0));
      Shape in = architecture.shape(node.inputs().get(0));
      Shape out = architecture.shape(node.name());
      double[] y;
      if (node.layer() instanceof Convolution convolution) {
        y = convolve(node, convolution, x, in, out);
      } else if (node.layer() instanceof LearnedGroupConvolution learned) {
        y = convolve(node, learned.uncondensed(), x, in, out);
      } else if (node.layer() instanceof BatchNorm) {
        y = normalize(node, x, in);
      } else if (node.layer() instanceof Add) {
        double[] other = values.get(node.inputs().get(1));
        y = new double[x.length];
        for (int i = 0; i < y.length; i++) {
          y[i] = x[i] + other[i];
        }
      } else if (node.layer() instanceof Pooling pooling) {
        y = pool(pooling, x, in, out);
      } else if (node.layer() instanceof GlobalAveragePool) {
        int plane = in.height() * in.width();
        y = new double[batch * in.channels()];
        for (int i = 0; i < x.length; i++) {
          y[i / plane] += x[i] / plane;
        }
      } else if (node.layer() instanceof Flatten) {
        y = x;
      } else if (node.layer() instanceof Dense dense) {
        y = dense(node, dense, x, in.channels());
      } else if (training
          && (node.layer() instanceof Dropout || node.layer() instanceof DropPath)) {
        y = DroppedReference.apply(architecture, node, x, batch);
      } else {
        y = exampleByExample(node, node.inputs().stream().map(values::get).toList());
      }
      values.put(node.name(), y);
    }
    return values.get(architecture.output().name());
  }

  private double[] exampleByExample(Node node, List<double[]> inputs) {
    double[] all = new double[0];
    for (int n = 0; n < batch; n++) {
      List<double[]> example = new ArrayList<>();
      for (double[] input : inputs) {
        int each = input.length / batch;
        example.add(Arrays.copyOfRange(input, n * each, (n + 1) * each));
      }
      double[] y = LayerDefinitions.apply(node.layer(), architecture.inputShapes(node), example);
      all = n == 0 ? new double[batch * y.length] : all;
      System.arraycopy(y, 0, all, n * y.length, y.length);
    }
    return all;
  }

  private double[] convolve(Node node, Convolution c, double[] x, Shape in, Shape out) {
    double[] kernel = weights.get(Weights.key(node, "kernel"));
    Window down = c.rows();
    Window along = c.columns();
    int rows = down.kernel();
    int size = along.kernel();
    int perGroup = in.channels() / c.groups();
    int outputsPerGroup = c.outputs() / c.groups();
    double[] y = new double[Math.toIntExact(batch * out.elements())];
    int at = 0;
    for (int n = 0; n < batch; n++) {
      for (int o = 0; o < c.outputs(); o++) {
        double bias = c.bias() ? weights.get(Weights.key(node, "bias"))[o] : 0;
        int first = o / outputsPerGroup * perGroup;
        for (int row = 0; row < out.height(); row++) {
          for (int column = 0; column < out.width(); column++) {
            double sum = bias;
            for (int i = 0; i < perGroup; i++) {
              for (int ky = 0; ky < rows; ky++) {
                for (int kx = 0; kx < size; kx++) {
                  int iy = row * down.stride() + ky * down.dilation() - down.padding();
                  int ix = column * along.stride() + kx * along.dilation() - along.padding();
                  if (iy >= 0 && iy < in.height() && ix >= 0 && ix < in.width()) {
                    sum +=
                        kernel[((o * perGroup + i) * rows + ky) * size + kx]
                            * x[index(in, n, first + i, iy, ix)];
                  }
                }
              }
            }
            y[at++] = sum;
          }
        }
      }
    }
    return y;
  }

  private static int index(Shape shape, int n, int channel, int y, int x) {
    return ((n * shape.channels() + channel) * shape.height() + y) * shape.width() + x;
  }

  private double[] normalize(Node node, double[] x, Shape shape) {
    double[] y = new double[x.length];
    int channels = shape.channels();
    int plane = shape.height() * shape.width();
    double[] means = new double[channels];
    double[] variances = new double[channels];
    for (int c = 0; c < channels; c++) {
      double mean = 0;
      double variance = 0;
      if (training) {
        for (int n = 0; n < batch; n++) {
          for (int i = 0; i < plane; i++) {
            mean += x[(n * channels + c) * plane + i] / (batch * plane);
          }
        }
        for (int n = 0; n < batch; n++) {
          for (int i = 0; i < plane; i++) {
            variance += Math.pow(x[(n * channels + c) * plane + i] - mean, 2) / (batch * plane);
          }
        }
      } else {
        mean = weights.get(Weights.key(node, "mean"))[c];
        variance = weights.get(Weights.key(node, "variance"))[c];
      }
      means[c] = mean;
      variances[c] = variance;
      double gamma = weights.get(Weights.key(node, "gamma"))[c];
      double beta = weights.get(Weights.key(node, "beta"))[c];
      double scale = gamma / Math.sqrt(variance + BatchNorm.EPSILON);
      for (int n = 0; n < batch; n++) {
        for (int i = 0; i < plane; i++) {
          int at = (n * channels + c) * plane + i;
          y[at] = (x[at] - mean) * scale + beta;
        }
      }
    }
    batchMeans.put(node.name(), means);
    batchVariances.put(node.name(), variances);
    return y;
  }

  private double[] pool(Pooling p, double[] x, Shape in, Shape out) {
    boolean oneRow = p.form() == Window.Form.ROW;
    double[] y = new double[Math.toIntExact(batch * out.elements())];
    int at = 0;
    for (int n = 0; n < batch; n++) {
      for (int c = 0; c < in.channels(); c++) {
        for (int row = 0; row < out.height(); row++) {
          for (int column = 0; column < out.width(); column++) {
            double largest = Double.NEGATIVE_INFINITY;
            double sum = 0;
            int count = 0;
            for (int ky = 0; ky < (oneRow ? 1 : p.kernel()); ky++) {
              for (int kx = 0; kx < p.kernel(); kx++) {
                int iy = oneRow ? row : row * p.stride() + ky - p.padding();
                int ix = column * p.stride() + kx - p.padding();
                if (iy >= 0 && iy < in.height() && ix >= 0 && ix < in.width()) {
                  double value = x[index(in, n, c, iy, ix)];
                  largest = Math.max(largest, value);
                  sum += value;
                  count++;
                }
              }
            }
            y[at++] = p.kind() == Pooling.Kind.MAX ? largest : sum / count;
          }
        }
      }
    }
    return y;
  }

  private double[] dense(Node node, Dense dense, double[] x, int inputs) {
    double[] kernel = weights.get(Weights.key(node, "kernel"));
    double[] y = new double[batch * dense.outputs()];
    for (int n = 0; n < batch; n++) {
      for (int o = 0; o < dense.outputs(); o++) {
        double sum = dense.bias() ? weights.get(Weights.key(node, "bias"))[o] : 0;
        for (int i = 0; i < inputs; i++) {
          sum += kernel[o * inputs + i] * x[n * inputs + i];
        }
        y[n * dense.outputs() + o] = sum;
      }
    }
    return y;
  }
}
