package io.skyline.worker.train;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
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
  boolean absorbs(Node node) {
    Layer layer = node.layer();
    return layer instanceof Convolution
        || layer instanceof BatchNorm
        || layer instanceof Add
        || layer instanceof Dense;
  }

  /**
   * Adds the op of a node.
   *
   * @param then the activation to compute along with it, for layers that absorb one
   */
  Tensor add(Node node, List<Tensor> inputs, Activation.@Nullable Function then) {
    Tensor x = inputs.get(0);
    Layer layer = node.layer();
    if (layer instanceof Convolution convolution) {
      return add(new ConvolutionOp(graph, this, node, convolution, x, then));
    } else if (layer instanceof BatchNorm) {
      return add(new BatchNormOp(graph, node, blocked(x), then));
    } else if (layer instanceof Activation activation) {
      return add(new ActivationOp(graph, node, activation.function(), x));
    } else if (layer instanceof Add) {
      Tensor other =
          x.layout == Tensor.Layout.BLOCKED ? blocked(inputs.get(1)) : plain(inputs.get(1));
      return add(new AddOp(graph, node, x, other, then));
    } else if (layer instanceof Pooling pooling) {
      return add(new PoolingOp(graph, node, pooling, blocked(x)));
    } else if (layer instanceof GlobalAveragePool) {
      return add(PoolingOp.global(graph, node, blocked(x)));
    } else if (layer instanceof Flatten) {
      return add(
          new ViewOp(
              graph, plain(x), graph.architecture().shape(node.name()), Tensor.Layout.PLAIN));
    } else if (layer instanceof Dense dense) {
      return add(new DenseOp(graph, node, dense, plain(x), then));
    }
    throw new UnsupportedOperationException("no op yet for " + layer);
  }

  private Tensor add(Op op) {
    ops.add(op);
    return op.output();
  }

  /** The tensor in blocks of channels, rearranged at most once for all its readers. */
  Tensor blocked(Tensor tensor) {
    return in(Tensor.Layout.BLOCKED, tensor);
  }

  /** The tensor in row-major order, rearranged at most once for all its readers. */
  Tensor plain(Tensor tensor) {
    return in(Tensor.Layout.PLAIN, tensor);
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
