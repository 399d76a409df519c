package io.skyline.worker.network;

import io.skyline.architecture.Activation;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Concat;
import io.skyline.architecture.FakeQuantization;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.architecture.SoftArgmax;
import java.util.Arrays;
import java.util.List;

/** Layers without weights by their textbook definitions, in double precision, on one example. */
public final class LayerDefinitions {
  private LayerDefinitions() {}

  /** The output of a layer, channel by channel, row by row. */
  public static double[] apply(Layer layer, List<Shape> shapes, List<double[]> inputs) {
    double[] x = inputs.get(0);
    Shape in = shapes.get(0);
    int plane = in.height() * in.width();
    if (layer instanceof Activation activation) {
      return Arrays.stream(x).map(v -> activate(activation.function(), v)).toArray();
    } else if (layer instanceof FakeQuantization bytes) {
      return Arrays.stream(x).map(v -> round(bytes, v)).toArray();
    } else if (layer instanceof Concat) {
      return inputs.stream().flatMapToDouble(Arrays::stream).toArray();
    } else if (layer instanceof Slice slice) {
      return Arrays.copyOfRange(x, slice.from() * plane, slice.to() * plane);
    } else if (layer instanceof Select select) {
      return select.channels().stream()
          .flatMapToDouble(c -> Arrays.stream(x, c * plane, (c + 1) * plane))
          .toArray();
    } else if (layer instanceof Shuffle shuffle) {
      return shuffled(x, in.channels(), plane, shuffle.groups());
    } else if (layer instanceof Multiply) {
      double[] gate = inputs.get(1);
      boolean perChannel = gate.length == in.channels() && shapes.get(1).isFlat();
      double[] y = x.clone();
      for (int i = 0; i < y.length; i++) {
        y[i] *= gate[perChannel ? i / plane : i % plane];
      }
      return y;
    } else if (layer instanceof ChannelPooling pooling) {
      return pooled(pooling.kind(), x, in.channels(), plane);
    } else if (layer instanceof SoftArgmax argmax) {
      return softArgmax(argmax, x, in);
    } else if (layer instanceof Glimpse glimpse) {
      return glimpse(glimpse, x, in, inputs.get(1));
    }
    return x; // what drops in training only
  }

  public static double activate(Activation.Function function, double x) {
    return switch (function) {
      case RELU -> Math.max(x, 0);
      case RELU6 -> Math.min(Math.max(x, 0), 6);
      case HARD_SIGMOID -> Math.min(Math.max(x + 3, 0), 6) / 6;
      case HARD_SWISH -> x * Math.min(Math.max(x + 3, 0), 6) / 6;
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SIGN -> Math.signum(x);
      case ABS -> Math.abs(x);
    };
  }

  private static double round(FakeQuantization bytes, double x) {
    double level = Math.rint(x / bytes.scale()) + bytes.zero();
    return (Math.min(Math.max(level, 0), 255) - bytes.zero()) * bytes.scale();
  }

  /** Row g, column i of the matrix of channels goes to row i, column g. */
  private static double[] shuffled(double[] x, int channels, int plane, int groups) {
    double[] y = new double[x.length];
    int each = channels / groups;
    for (int g = 0; g < groups; g++) {
      for (int i = 0; i < each; i++) {
        System.arraycopy(x, (g * each + i) * plane, y, (i * groups + g) * plane, plane);
      }
    }
    return y;
  }

  private static double[] pooled(Pooling.Kind kind, double[] x, int channels, int plane) {
    double[] y = new double[plane];
    Arrays.fill(y, kind == Pooling.Kind.MAX ? Double.NEGATIVE_INFINITY : 0);
    for (int i = 0; i < x.length; i++) {
      int at = i % plane;
      y[at] = kind == Pooling.Kind.MAX ? Math.max(y[at], x[i]) : y[at] + x[i] / channels;
    }
    return y;
  }

  private static double[] softArgmax(SoftArgmax layer, double[] scores, Shape in) {
    double sum = Arrays.stream(scores).map(Math::exp).sum();
    double[] place = new double[2];
    for (int i = 0; i < scores.length; i++) {
      double weight = Math.exp(scores[i]) / sum;
      place[0] += weight * (i % in.width() + 0.5) / in.width();
      place[1] += weight * (i / in.width() + 0.5) / in.height();
    }
    return Arrays.stream(place).map(p -> 0.5 + layer.spread() * (p - 0.5)).toArray();
  }

  /** Every number of the map, times how near it lies to where the window looks. */
  private static double[] glimpse(Glimpse layer, double[] x, Shape in, double[] position) {
    double right = Math.min(Math.max(position[0], 0), 1) * (in.width() - layer.width());
    double down = Math.min(Math.max(position[1], 0), 1) * (in.height() - layer.height());
    double[] y = new double[in.channels() * layer.height() * layer.width()];
    for (int i = 0; i < y.length; i++) {
      int channel = i / (layer.height() * layer.width());
      double row = down + i / layer.width() % layer.height();
      double column = right + i % layer.width();
      for (int r = 0; r < in.height(); r++) {
        for (int c = 0; c < in.width(); c++) {
          double near = Math.max(0, 1 - Math.abs(r - row)) * Math.max(0, 1 - Math.abs(c - column));
          y[i] += near * x[(channel * in.height() + r) * in.width() + c];
        }
      }
    }
    return y;
  }
}
