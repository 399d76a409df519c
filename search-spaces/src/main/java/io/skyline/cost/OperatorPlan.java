package io.skyline.cost;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
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
import io.skyline.architecture.SoftArgmax;
import io.skyline.cost.Operator.Kind;
import io.skyline.cost.Operator.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The operators that a runtime makes of a network: normalizations folded, activations and additions
 * fused into what they follow where ONNX Runtime does so, and values brought from one layout to
 * another where neighbours differ in it.
 */
public final class OperatorPlan {
  private final Architecture architecture;
  private final boolean floats;
  private final int block;
  private final Fusion fusion;
  private final Map<String, Node> nodes = new HashMap<>();
  private final BlockedLayout layout;
  private final List<Operator> operators = new ArrayList<>();

  private OperatorPlan(Architecture architecture, Storage storage, int block) {
    this.architecture = architecture;
    this.floats = storage != Storage.INT8;
    this.block = block;
    this.fusion = new Fusion(architecture);
    architecture.nodes().forEach(node -> nodes.put(node.name(), node));
    this.layout = new BlockedLayout(architecture, block, floats);
  }

  /**
   * The operators of one run.
   *
   * @param architecture as deployed
   * @param block channels that the runtime computes at once in floats
   */
  public static List<Operator> of(Architecture architecture, Storage storage, int block) {
    OperatorPlan plan = new OperatorPlan(architecture, storage, block);
    plan.add(Kind.RUN, Map.of());
    Shape input = architecture.input();
    plan.add(
        input.channels() == 1 ? Kind.INPUT : Kind.INPUT_CHANNELS,
        Map.of(Work.READS, (double) input.elements()));
    for (Node node : architecture.nodes()) {
      plan.layout.place(node).forEach(values -> plan.add(Kind.REORDER, reads(values)));
      plan.write(node);
    }
    return List.copyOf(plan.operators);
  }

  private void add(Kind kind, Map<Work, Double> work) {
    operators.add(new Operator(kind, work));
  }

  private static Map<Work, Double> reads(long values) {
    return Map.of(Work.READS, (double) values);
  }

  private void write(Node node) {
    Layer layer = node.layer();
    List<Shape> inputs = architecture.inputShapes(node);
    Shape in = inputs.get(0);
    Shape out = architecture.shape(node.name());
    long read = inputs.stream().mapToLong(Shape::elements).sum();
    boolean blocked = layout.isBlocked(node.name());
    if (layer instanceof Convolution convolution) {
      operators.add(
          floats
              ? ConvolutionWork.floats(convolution, in, out, block)
              : ConvolutionWork.integers(convolution, in, out));
    } else if (layer instanceof LearnedGroupConvolution learned) {
      throw new IllegalArgumentException(node.name() + " is not deployed: " + learned);
    } else if (layer instanceof Dense) {
      add(Kind.DENSE, moved(read, out, Map.of(Work.WEIGHTS, (double) read * out.elements())));
    } else if (layer instanceof Pooling pooling) {
      boolean plain = floats && !blocked;
      boolean max = pooling.kind() == Pooling.Kind.MAX;
      Kind fast = max ? Kind.POOL_MAX : Kind.POOL_AVERAGE;
      Kind slow = max ? Kind.POOL_MAX_PLAIN : Kind.POOL_AVERAGE_PLAIN;
      add(plain ? slow : fast, ConvolutionWork.pooling(pooling, read, out, blocked ? block : 1));
    } else if (layer instanceof Add) {
      boolean accumulates = floats && node.inputs().stream().anyMatch(this::isOnlyAdded);
      add(accumulates ? Kind.ADD_FUSED : Kind.ADD, reads(read));
    } else if (layer instanceof Activation activation) {
      if (!fuses(node, activation)) {
        add(kind(activation), reads(read));
      }
    } else if (layer instanceof BatchNorm) {
      if (fusion.foldsInto(node) == null) {
        add(Kind.BATCH_NORM, reads(read));
      }
    } else if (layer instanceof Flatten) {
      if (!in.isFlat()) {
        add(Kind.FLATTEN, reads(read));
      }
    } else if (layer instanceof Multiply) {
      boolean channels = Multiply.gatesChannels(in, inputs.get(1));
      add(channels ? Kind.GATE_CHANNELS : Kind.GATE_POSITIONS, reads(read));
    } else if (!Fusion.isIdentity(layer)) {
      add(
          moving(layer),
          moved(read, out, Map.of(Work.STRIPS, (double) Math.max(inputs.size(), out.channels()))));
    }
  }

  private static Map<Work, Double> moved(long read, Shape out, Map<Work, Double> more) {
    Map<Work, Double> work = new HashMap<>(more);
    work.put(Work.READS, (double) read);
    work.put(Work.WRITES, (double) out.elements());
    return work;
  }

  /** Layers that have no weights and fuse with nothing. */
  private static Kind moving(Layer layer) {
    if (layer instanceof GlobalAveragePool) {
      return Kind.POOL_GLOBAL;
    } else if (layer instanceof ChannelPooling pooling) {
      return pooling.kind() == Pooling.Kind.MAX ? Kind.CHANNEL_MAX : Kind.CHANNEL_MEAN;
    } else if (layer instanceof Concat) {
      return Kind.CONCAT;
    } else if (layer instanceof Shuffle) {
      return Kind.SHUFFLE;
    } else if (layer instanceof Slice) {
      return Kind.SLICE;
    } else if (layer instanceof Select) {
      return Kind.SELECT;
    } else if (layer instanceof Glimpse) {
      return Kind.GLIMPSE;
    } else if (layer instanceof SoftArgmax) {
      return Kind.SOFT_ARGMAX;
    }
    throw new IllegalStateException("no operator for " + layer);
  }

  private static Kind kind(Activation activation) {
    return switch (activation.function()) {
      case RELU, RELU6, SIGN, ABS -> Kind.RELU;
      case HARD_SIGMOID, SIGMOID -> Kind.SIGMOID;
      case HARD_SWISH -> Kind.HARD_SWISH;
    };
  }

  /** Whether an activation is computed by the operator that gives its input. */
  private boolean fuses(Node node, Activation activation) {
    String input = node.inputs().get(0);
    boolean clips =
        switch (activation.function()) {
          case RELU, RELU6 -> true;
          case HARD_SIGMOID, SIGMOID -> floats;
          case HARD_SWISH, SIGN, ABS -> false;
        };
    if (!clips || fusion.readers(input).size() != 1) {
      return false;
    }
    Node producer = nodes.get(input);
    return !floats
        || isConvolved(input)
        || (producer != null
            && producer.layer() instanceof Add
            && producer.inputs().stream().anyMatch(this::isOnlyAdded));
  }

  /** Whether a value comes from a convolution, its normalization folded. */
  private boolean isConvolved(String name) {
    Node node = nodes.get(name);
    if (node != null && node.layer() instanceof BatchNorm) {
      node = fusion.foldsInto(node);
    }
    return node != null && node.layer() instanceof Convolution;
  }

  private boolean isOnlyAdded(String name) {
    return isConvolved(name) && fusion.readers(name).size() == 1;
  }
}
