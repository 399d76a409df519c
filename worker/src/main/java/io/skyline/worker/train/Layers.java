package io.skyline.worker.train;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.FakeQuantization;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From layer records to ops: the one place that knows them all. */
final class Layers {
  private final Graph graph;
  private final List<Op> ops;

  /**
   * @param ops grows by what is added, in order
   */
  Layers(Graph graph, List<Op> ops) {
    this.graph = graph;
    this.ops = ops;
  }

  /** Whether the layer computes an activation that follows it at no cost. */
  static boolean absorbs(Layer layer, Activation.Function function) {
    Elementwise elementwise = Elementwise.of(function);
    if (!elementwise.followsFromOutput()) {
      return false;
    }
    if (layer instanceof BatchNorm || layer instanceof Add) {
      return elementwise.keepsZero();
    }
    return layer instanceof Convolution
        || layer instanceof LearnedGroupConvolution
        || layer instanceof Dense;
  }

  /**
   * Adds the op of a node.
   *
   * @param then the activation to compute along with it, for layers that absorb one
   */
  Value add(Node node, List<Value> inputs, Activation.@Nullable Function then) {
    Value x = inputs.get(0);
    Shape shape = graph.architecture().shape(node.name());
    Layer layer = node.layer();
    if (layer instanceof Convolution convolution) {
      return add(new ConvolutionOp(graph, this, node, convolution, x, then));
    } else if (layer instanceof LearnedGroupConvolution learned) {
      return add(new ConvolutionOp(graph, this, node, learned.uncondensed(), x, then));
    } else if (layer instanceof BatchNorm) {
      return add(new BatchNormOp(graph, node, blocked(x), then));
    } else if (layer instanceof Activation activation) {
      return elementwise(node, Elementwise.of(activation.function()), x);
    } else if (layer instanceof FakeQuantization bytes) {
      return elementwise(node, Elementwise.of(bytes), x);
    } else if (layer instanceof Add) {
      Tensor one = inMemory(x);
      return add(new AddOp(graph, node, one, in(one.layout, inMemory(inputs.get(1))), then));
    } else if (layer instanceof Pooling pooling) {
      return add(new PoolingOp(graph, node, pooling, blocked(x)));
    } else if (layer instanceof GlobalAveragePool) {
      return add(PoolingOp.global(graph, node, blocked(x)));
    } else if (layer instanceof Flatten) {
      return add(new ViewOp(graph, plain(x), shape, Tensor.Layout.PLAIN));
    } else if (layer instanceof Dense dense) {
      return add(new DenseOp(graph, node, dense, plain(x), then));
    } else if (layer instanceof Concat) {
      return new Selection(shape, Selection.joined(inputs));
    } else if (layer instanceof Shuffle shuffle) {
      return new Selection(shape, Selection.shuffled(x, shuffle));
    } else if (layer instanceof Slice slice) {
      return new Selection(shape, Selection.channelsOf(x).subList(slice.from(), slice.to()));
    } else if (layer instanceof Select select) {
      return new Selection(shape, Selection.selected(x, select));
    } else if (layer instanceof Multiply) {
      return multiply(node, x, inputs.get(1));
    } else if (layer instanceof ChannelPooling pooling) {
      return add(new ChannelPoolingOp(graph, node, pooling.kind(), blocked(x)));
    } else if (layer instanceof SoftArgmax argmax) {
      return add(new SoftArgmaxOp(graph, node, argmax, plain(x)));
    } else if (layer instanceof Glimpse) {
      return add(new GlimpseOp(graph, node, plain(x), plain(inputs.get(1))));
    } else if (layer instanceof Dropout dropout) {
      return drop(node, x, dropout.rate(), false);
    } else if (layer instanceof DropPath path) {
      return drop(node, x, path.rate(), true);
    }
    throw new AssertionError("a layer without an op: " + layer);
  }

  private Tensor elementwise(Node node, Elementwise function, Value x) {
    return add(new ActivationOp(graph, node, function, inMemory(x)));
  }

  private Tensor multiply(Node node, Value x, Value gate) {
    return Multiply.gatesChannels(x.shape(), gate.shape())
        ? add(GateOp.ofChannels(graph, node, blocked(x), blocked(gate)))
        : add(GateOp.ofPositions(graph, node, blocked(x), plain(gate)));
  }

  private Value drop(Node node, Value x, double rate, boolean wholeExamples) {
    return graph.isTraining() && rate > 0
        ? add(new DropOp(graph, node, rate, wholeExamples, inMemory(x)))
        : x;
  }

  private Tensor add(Op op) {
    ops.add(op);
    return op.output();
  }

  /** The value in blocks of channels, rearranged at most once for all its readers. */
  Tensor blocked(Value value) {
    return in(Tensor.Layout.BLOCKED, inMemory(value));
  }

  /** The value in row-major order, rearranged at most once for all its readers. */
  Tensor plain(Value value) {
    return in(Tensor.Layout.PLAIN, inMemory(value));
  }

  /** The value in the layout in which it costs least. */
  private Tensor inMemory(Value value) {
    return value instanceof Tensor tensor ? tensor : ((Selection) value).gathered(this);
  }

  /** Copies channels side by side, in blocks unless none of them is. */
  Tensor gather(Shape shape, List<Selection.Channel> channels) {
    Tensor first = channels.get(0).tensor();
    if (channels.equals(Selection.channelsOf(first))) {
      return first;
    }
    boolean plain = channels.stream().allMatch(c -> c.tensor().layout == Tensor.Layout.PLAIN);
    List<Selection.Channel> sources =
        plain
            ? channels
            : channels.stream()
                .map(c -> new Selection.Channel(blocked(c.tensor()), c.index()))
                .toList();
    return add(new GatherOp(graph, shape, sources));
  }

  private Tensor in(Tensor.Layout layout, Tensor tensor) {
    if (tensor.layout == layout) {
      return tensor;
    }
    Tensor known = tensor.converted();
    if (known != null) {
      return known;
    }
    boolean sameBytes = tensor.shape.isFlat() && tensor.shape.channels() % OneDnn.BLOCK == 0;
    Tensor converted =
        add(
            sameBytes
                ? new ViewOp(graph, tensor, tensor.shape, layout)
                : new LayoutOp(graph, tensor, layout));
    tensor.setConverted(converted);
    return converted;
  }
}
