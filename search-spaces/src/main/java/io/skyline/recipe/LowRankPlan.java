package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window.Form;
import io.skyline.recipe.LowRank.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which layers of a network a low-rank decomposition writes as two, and of which rank: a pure
 * function of the architecture, the method and the share, so that the cost of a factored network is
 * known before anything is trained.
 *
 * <p>A layer is factored only where that leaves fewer weights and no more multiply-accumulates.
 * Convolutions that read the network's input stay, whose few channels have little in common, and so
 * do those in groups.
 *
 * @param layers what becomes of each factored layer, by its name
 */
public record LowRankPlan(Architecture original, Map<String, Factors> layers) {
  /** Ranks of convolutions of at least this are multiples of it, as blocked layouts want them. */
  public static final int STEP = ChannelPlan.STEP;

  public LowRankPlan {
    layers = Map.copyOf(layers);
  }

  /** Along which axes a kernel of outputs x inputs x rows x columns is seen as a matrix. */
  public enum Cut {
    /** Outputs x (inputs, rows, columns). */
    OUTPUTS,
    /** (Outputs, columns) x (inputs, rows). */
    COLUMNS
  }

  /**
   * Two layers in place of one.
   *
   * @param cut of the kernel whose factors theirs are
   * @param rank the outputs of the first layer
   * @param basis the first layer, without a bias
   * @param mixing the second one, which bears the original's name and bias
   */
  public record Factors(Cut cut, int rank, Node basis, Node mixing) {}

  /**
   * Plans the decomposition of a network.
   *
   * @param share of the weights of each factored layer to remove, in [0, 1)
   */
  public static LowRankPlan of(Architecture architecture, Method method, double share) {
    Map<String, Factors> layers = new HashMap<>();
    for (Node node : architecture.nodes()) {
      cut(architecture, node, method)
          .flatMap(cut -> factors(architecture, node, cut, share))
          .ifPresent(factors -> layers.put(node.name(), factors));
    }
    return new LowRankPlan(architecture, layers);
  }

  /** Of every layer that may be factored the largest rank that saves something. */
  public static LowRankPlan most(Architecture architecture, Method method) {
    return of(architecture, method, 0);
  }

  /** This plan for some of its layers, the others whole. */
  public LowRankPlan only(Predicate<Factors> chosen) {
    Map<String, Factors> some = new HashMap<>(layers);
    some.values().removeIf(chosen.negate());
    return new LowRankPlan(original, some);
  }

  /**
   * This plan with other ranks.
   *
   * @param ranks by the names of layers, at most this plan's; others stay whole
   */
  public LowRankPlan withRanks(Map<String, Integer> ranks) {
    Map<String, Factors> others = new HashMap<>();
    for (Node node : original.nodes()) {
      Factors factors = layers.get(node.name());
      Integer rank = ranks.get(node.name());
      if (factors != null && rank != null) {
        others.put(node.name(), split(node, factors.basis.name(), factors.cut, rank));
      }
    }
    return new LowRankPlan(original, others);
  }

  /**
   * The rank to use where at least so much is needed: in a convolution the next multiple of {@link
   * #STEP}, where that still saves something; none where nothing does.
   *
   * @param layer of this plan, which has the largest ranks
   */
  public Optional<Integer> rankFrom(String layer, int least) {
    Factors factors = layers.get(layer);
    if (factors == null || least > factors.rank) {
      return Optional.empty();
    }
    int step = factors.basis.layer() instanceof Convolution ? STEP : 1;
    return Optional.of(Math.min((least + step - 1) / step * step, factors.rank));
  }

  private static Optional<Cut> cut(Architecture architecture, Node node, Method method) {
    if (node.layer() instanceof Dense) {
      return Optional.of(Cut.OUTPUTS);
    }
    if (!(node.layer() instanceof Convolution conv)
        || conv.groups() > 1
        || node.inputs().get(0).equals(Architecture.INPUT)) {
      return Optional.empty();
    }
    boolean square = conv.rows().kernel() > 1 && conv.columns().kernel() > 1;
    return switch (method) {
      case SVD -> conv.taps() == 1 ? Optional.of(Cut.OUTPUTS) : Optional.empty();
      case SPATIAL -> Optional.of(square ? Cut.COLUMNS : Cut.OUTPUTS);
      case CHANNEL -> Optional.of(Cut.OUTPUTS);
    };
  }

  private static Optional<Factors> factors(
      Architecture architecture, Node node, Cut cut, double share) {
    Shape in = architecture.inputShapes(node).get(0);
    Work whole = Work.of(node, in);
    String name = architecture.freeName(node.name() + "_basis");
    Work each = Work.of(split(node, name, cut, 1), in);
    long most = Math.min((whole.weights - 1) / each.weights, whole.macs / each.macs);
    if (most < 1) {
      return Optional.empty();
    }
    double asked = (1 - share) * whole.weights / each.weights;
    int step = node.layer() instanceof Convolution ? STEP : 1;
    return Optional.of(split(node, name, cut, rank(Math.min(asked, most), most, step)));
  }

  /** The multiple of a step nearest to what is asked for that is not too much; 1 at least. */
  private static int rank(double asked, long most, int step) {
    if (asked < step || step == 1) {
      return Math.max(1, (int) asked);
    }
    long nearest = step * Math.round(asked / step);
    return Math.toIntExact(nearest <= most ? nearest : nearest - step);
  }

  private static Factors split(Node node, String name, Cut cut, int rank) {
    Layer basis;
    Layer mixing = node.layer();
    if (node.layer() instanceof Convolution conv) {
      boolean outputs = cut == Cut.OUTPUTS;
      basis = conv.over(rank, 1).withoutBias().with(outputs ? conv.form() : Form.COLUMN);
      mixing =
          outputs
              ? new Convolution(conv.outputs(), 1, 1, 0, 1, conv.bias()).with(conv.form())
              : conv.with(Form.ROW);
    } else {
      basis = new Dense(rank, false);
    }
    return new Factors(
        cut,
        rank,
        new Node(name, basis, node.inputs()),
        new Node(node.name(), mixing, List.of(name)));
  }

  /** What a layer stores, but for its bias, and does. */
  private record Work(long weights, long macs) {
    static Work of(Node node, Shape in) {
      Shape out = node.layer().output(List.of(in));
      long weights = node.layer().parameters(List.of(in)).get(0).size();
      return new Work(weights, weights * out.height() * out.width());
    }

    static Work of(Factors factors, Shape in) {
      Work first = of(factors.basis, in);
      Work second = of(factors.mixing, factors.basis.layer().output(List.of(in)));
      return new Work(first.weights + second.weights, first.macs + second.macs);
    }
  }

  /** The network of the factors: factored layers are two nodes each, the others as they were. */
  public Architecture factored() {
    List<Node> nodes = new ArrayList<>();
    for (Node node : original.nodes()) {
      Factors factors = layers.get(node.name());
      nodes.addAll(factors == null ? List.of(node) : List.of(factors.basis, factors.mixing));
    }
    return original.with(nodes);
  }
}
