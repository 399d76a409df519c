package io.skyline.worker.compress;

import io.skyline.architecture.Activation;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Node;
import io.skyline.recipe.ChannelPlan;
import io.skyline.recipe.ChannelPlan.ChannelSet;
import io.skyline.recipe.ChannelPlan.Span;
import io.skyline.recipe.ChannelPruning.Criterion;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.score.ChannelMeans;
import io.skyline.worker.train.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * What each channel of a network is worth: of those that live and die together, the ones worth
 * least go first.
 *
 * <p>Channels tied together by residual additions are worth the sum of what they are worth in all
 * layers that make or activate them.
 *
 * @param sets a number for each channel of each set of a {@link ChannelPlan}
 */
@SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
record ChannelWorth(List<double[]> sets) {
  private static final int GRADIENT_EXAMPLES = 1024;

  /** What a step's criterion says of a network. */
  static ChannelWorth of(Criterion criterion, Network network, ChannelPlan plan, Workbench bench) {
    return switch (criterion) {
      case L1 -> ofWeights(network, plan, Math::abs, sum -> sum);
      case L2 -> ofWeights(network, plan, weight -> weight * weight, Math::sqrt);
      case APOZ -> ofActivity(network, plan, bench.calibration());
      case TAYLOR -> ofLoss(network, plan, bench);
    };
  }

  private static ChannelWorth none(ChannelPlan plan) {
    return new ChannelWorth(plan.sets().stream().map(set -> new double[set.channels()]).toList());
  }

  /** By the weights that make each channel, its row of the kernel: a norm of the row. */
  private static ChannelWorth ofWeights(
      Network network, ChannelPlan plan, DoubleUnaryOperator each, DoubleUnaryOperator norm) {
    ChannelWorth worth = none(plan);
    for (int s = 0; s < plan.sets().size(); s++) {
      double[] sums = worth.sets.get(s);
      for (Node maker : plan.sets().get(s).makers()) {
        double[] rows = new double[sums.length];
        addRows(network.weights().get(maker, "kernel"), each, rows);
        for (int c = 0; c < sums.length; c++) {
          sums[c] += norm.applyAsDouble(rows[c]);
        }
      }
    }
    return worth;
  }

  private static void addRows(float[] tensor, DoubleUnaryOperator each, double[] rows) {
    int row = tensor.length / rows.length;
    for (int i = 0; i < tensor.length; i++) {
      rows[i / row] += each.applyAsDouble(tensor[i]);
    }
  }

  /** By how often a channel is not zero; where nothing makes zeros, by L1 norm. */
  private static ChannelWorth ofActivity(Network network, ChannelPlan plan, Examples examples) {
    Network folded = BatchNormFolding.fold(network);
    List<Node> activations =
        folded.architecture().nodes().stream()
            .filter(node -> node.layer() instanceof Activation made && makesZeros(made))
            .toList();
    Map<String, double[]> shares =
        ChannelMeans.measure(folded, activations, examples, value -> value == 0 ? 0 : 1);
    List<double[]> sets = new ArrayList<>(ofWeights(network, plan, Math::abs, sum -> sum).sets());
    boolean[] active = new boolean[sets.size()];
    for (Node activation : activations) {
      double[] share = Objects.requireNonNull(shares.get(activation.name()));
      int first = 0;
      for (Span span : plan.layout(activation.name()).spans()) {
        int channels = plan.sets().get(span.set()).channels();
        if (!active[span.set()]) {
          active[span.set()] = true;
          sets.set(span.set(), new double[channels]);
        }
        double[] sums = sets.get(span.set());
        for (int i = 0; i < channels * span.block(); i++) {
          sums[i / span.block()] += share[first + i];
        }
        first += channels * span.block();
      }
    }
    return new ChannelWorth(sets);
  }

  private static boolean makesZeros(Activation activation) {
    return switch (activation.function()) {
      case RELU, RELU6, HARD_SWISH -> true;
      case HARD_SIGMOID, SIGMOID, SIGN, ABS -> false;
    };
  }

  /**
   * By the square of the change of the loss that its removal would make, to first order, the mean
   * over batches of training examples.
   *
   * <p>The gains and shifts of the normalization behind a layer stand for its channels if there is
   * one: the loss does not depend on the scale of what is normalized, so that its kernel's own sum
   * is zero.
   */
  private static ChannelWorth ofLoss(Network network, ChannelPlan plan, Workbench bench) {
    ChannelWorth worth = none(plan);
    TrainingSet examples = TrainingSet.of(bench.training().withLabels().spread(GRADIENT_EXAMPLES));
    bench
        .engine()
        .gradients(
            network,
            bench.plan().withoutTeachers(),
            examples,
            gradients -> worth.add(gradients, network, plan));
    return worth;
  }

  private void add(Weights gradients, Network network, ChannelPlan plan) {
    for (int s = 0; s < sets.size(); s++) {
      ChannelSet set = plan.sets().get(s);
      double[] sums = sets.get(s);
      for (Node maker : set.makers()) {
        double[] changes = new double[sums.length];
        Node scaled = scaled(network, maker);
        for (String parameter : List.of("kernel", "bias", "gamma", "beta")) {
          String key = Weights.key(scaled, parameter);
          float[] gradient = gradients.tensors().get(key);
          if (gradient != null) {
            addProducts(gradient, network.weights().get(scaled, parameter), changes);
          }
        }
        for (int c = 0; c < sums.length; c++) {
          sums[c] += changes[c] * changes[c];
        }
      }
    }
  }

  /** The normalization that alone reads a layer, or the layer. */
  private static Node scaled(Network network, Node maker) {
    List<Node> readers =
        network.architecture().nodes().stream()
            .filter(node -> node.inputs().contains(maker.name()))
            .toList();
    boolean normalized = readers.size() == 1 && readers.get(0).layer() instanceof BatchNorm;
    return normalized ? readers.get(0) : maker;
  }

  private static void addProducts(float[] gradient, float[] weights, double[] rows) {
    int row = gradient.length / rows.length;
    for (int i = 0; i < gradient.length; i++) {
      rows[i / row] += (double) gradient[i] * weights[i];
    }
  }
}
