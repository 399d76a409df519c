package io.skyline.worker.proxy;

import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * The synaptic flow of an untrained network (Tanaka et al. 2020, equation 2): the sum over all
 * kernels' weights w of |w dR/dw|, where R is the sum of the outputs for an input of ones and
 * absolute weights.
 *
 * <p>With such weights nothing is negative, so activations pass everything on; normalizations and
 * dropping do so too (as with the authors, whose normalizations have mean 0 and variance 1), gates
 * are open and a glimpse sees the middle. What is left is linear in each kernel, hence the sum of w
 * dR/dw is the derivative of R by a common factor of all weights: one pass forward carries it
 * along.
 *
 * <p>In double precision, from a tiny input on: about 600 orders of magnitude, more than 300
 * layers.
 */
public final class Synflow {
  private static final double INPUT = 1e-300;

  private final Architecture architecture;
  private final Weights weights;
  private final Map<String, Flow> flows = new HashMap<>();

  private Synflow(Network network) {
    this.architecture = network.architecture();
    this.weights = network.weights();
  }

  /**
   * What a node gives, and its derivative by a common factor of all weights.
   *
   * @param value channel by channel, row by row
   */
  @SuppressWarnings("ArrayRecordComponent") // an intermediate result, never compared
  private record Flow(double[] value, double[] slope) {}

  /** The natural logarithm of the flow to the last output; finite whatever the network is. */
  public static double logOf(Network network) {
    double flow = Arrays.stream(new Synflow(network).last().slope()).sum();
    double bounded = Math.min(Math.max(flow, Double.MIN_VALUE), Double.MAX_VALUE);
    return StrictMath.log(bounded) - StrictMath.log(INPUT);
  }

  private Flow last() {
    double[] ones = new double[Math.toIntExact(architecture.input().elements())];
    Arrays.fill(ones, INPUT);
    flows.put(Architecture.INPUT, new Flow(ones, new double[ones.length]));
    Set<String> needed = needed();
    for (Node node : architecture.nodes()) {
      if (needed.contains(node.name())) {
        flows.put(node.name(), flow(node));
      }
    }
    return flow(architecture.output().name());
  }

  /** The nodes that the last output reads, but not through gates. */
  private Set<String> needed() {
    Set<String> needed = new HashSet<>(Set.of(architecture.output().name()));
    for (int i = architecture.nodes().size() - 1; i >= 0; i--) {
      Node node = architecture.nodes().get(i);
      if (needed.contains(node.name())) {
        boolean gated = node.layer() instanceof Multiply || node.layer() instanceof Glimpse;
        needed.addAll(gated ? node.inputs().subList(0, 1) : node.inputs());
      }
    }
    return needed;
  }

  private Flow flow(String name) {
    Flow flow = flows.get(name);
    if (flow == null) {
      throw new IllegalStateException(name + " was not computed");
    }
    return flow;
  }

  private Flow flow(Node node) {
    Layer layer = node.layer();
    Flow x = flow(node.inputs().get(0));
    Shape in = architecture.shape(node.inputs().get(0));
    Shape out = architecture.shape(node.name());
    int plane = in.height() * in.width();
    if (layer instanceof Convolution convolution) {
      return weighed(x, values -> convolved(node, convolution, values, in, out));
    } else if (layer instanceof LearnedGroupConvolution learned) {
      return weighed(x, values -> convolved(node, learned.uncondensed(), values, in, out));
    } else if (layer instanceof Dense dense) {
      return weighed(x, values -> product(weights.get(node, "kernel"), values, dense.outputs()));
    } else if (layer instanceof Add) {
      Flow other = flow(node.inputs().get(1));
      return new Flow(sum(x.value(), other.value()), sum(x.slope(), other.slope()));
    } else if (layer instanceof Concat) {
      List<Flow> parts = node.inputs().stream().map(this::flow).toList();
      return new Flow(
          parts.stream().flatMapToDouble(part -> Arrays.stream(part.value())).toArray(),
          parts.stream().flatMapToDouble(part -> Arrays.stream(part.slope())).toArray());
    } else if (layer instanceof Pooling pooling) {
      return pooled(pooling, x, in, out);
    } else if (layer instanceof GlobalAveragePool) {
      return each(x, values -> means(values, plane));
    } else if (layer instanceof Slice slice) {
      return picked(x, out, i -> slice.from() * plane + i);
    } else if (layer instanceof Select select) {
      return picked(x, out, i -> select.channels().get(i / plane) * plane + i % plane);
    } else if (layer instanceof Shuffle shuffle) {
      return picked(x, out, i -> shuffle.source(i / plane, in.channels()) * plane + i % plane);
    } else if (layer instanceof Glimpse) {
      return picked(x, out, i -> middle(i, in, out));
    }
    return x;
  }

  /** A linear map. */
  @FunctionalInterface
  private interface Linear {
    double[] of(double[] values);
  }

  private static Flow each(Flow x, Linear map) {
    return new Flow(map.of(x.value()), map.of(x.slope()));
  }

  /** The product rule: a map whose weights have the common factor, too. */
  private static Flow weighed(Flow x, Linear map) {
    return new Flow(map.of(x.value()), map.of(sum(x.value(), x.slope())));
  }

  private static Flow picked(Flow x, Shape out, IntUnaryOperator from) {
    int[] places = IntStream.range(0, (int) out.elements()).map(from).toArray();
    return each(x, values -> Arrays.stream(places).mapToDouble(place -> values[place]).toArray());
  }

  private static int middle(int index, Shape in, Shape out) {
    int row = index / out.width() % out.height() + (in.height() - out.height()) / 2;
    int column = index % out.width() + (in.width() - out.width()) / 2;
    int channel = index / (out.width() * out.height());
    return (channel * in.height() + row) * in.width() + column;
  }

  private static double[] sum(double[] one, double[] other) {
    double[] sum = one.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += other[i];
    }
    return sum;
  }

  private static double[] means(double[] values, int plane) {
    double[] means = new double[values.length / plane];
    for (int i = 0; i < values.length; i++) {
      means[i / plane] += values[i] / plane;
    }
    return means;
  }

  private static double[] product(float[] kernel, double[] values, int outputs) {
    double[] product = new double[outputs];
    for (int i = 0; i < kernel.length; i++) {
      product[i / values.length] += Math.abs(kernel[i]) * values[i % values.length];
    }
    return product;
  }

  private double[] convolved(Node node, Convolution c, double[] values, Shape in, Shape out) {
    float[] kernel = weights.get(node, "kernel");
    WindowWalk walk = new WindowWalk(c.rows(), c.columns(), in, out);
    int perGroup = in.channels() / c.groups();
    int outputsPerGroup = c.outputs() / c.groups();
    double[] sums = new double[Math.toIntExact(out.elements())];
    for (int i = 0; i < kernel.length; i++) {
      double weight = Math.abs(kernel[i]);
      int output = i / (perGroup * walk.taps());
      int input = output / outputsPerGroup * perGroup + i / walk.taps() % perGroup;
      walk.over(i % walk.taps(), input, output, (from, to) -> sums[to] += weight * values[from]);
    }
    return sums;
  }

  private static Flow pooled(Pooling pooling, Flow x, Shape in, Shape out) {
    WindowWalk walk = new WindowWalk(pooling.rows(), pooling.columns(), in, out);
    double[] value = new double[Math.toIntExact(out.elements())];
    double[] slope = new double[value.length];
    int[] counts = new int[value.length];
    for (int channel = 0; channel < in.channels(); channel++) {
      for (int tap = 0; tap < walk.taps(); tap++) {
        walk.over(
            tap,
            channel,
            channel,
            pooling.kind() == Pooling.Kind.AVERAGE
                ? (from, to) -> {
                  counts[to]++;
                  value[to] += (x.value()[from] - value[to]) / counts[to];
                  slope[to] += (x.slope()[from] - slope[to]) / counts[to];
                }
                : (from, to) -> {
                  if (counts[to]++ == 0 || x.value()[from] > value[to]) {
                    value[to] = x.value()[from];
                    slope[to] = x.slope()[from];
                  }
                });
      }
    }
    return new Flow(value, slope);
  }
}
