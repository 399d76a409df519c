package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Lays a staged network down layer by layer.
 *
 * <p>Blocks: {@code conv} is one convolution; {@code separable} a depthwise and a pointwise one
 * (MobileNet, Howard et al. 2017); {@code inverted} expands, convolves depthwise and projects, with
 * a residual where shapes allow (MobileNetV2, Sandler et al. 2018). Every convolution is normalized
 * and, but for projections, activated.
 */
final class StagedNetwork {
  private final Shape input;
  private final Activation activation;
  private final List<Node> nodes = new ArrayList<>();
  private String last = Architecture.INPUT;
  private int channels;

  StagedNetwork(Shape input, Activation activation) {
    this.input = input;
    this.activation = activation;
    this.channels = input.channels();
  }

  void stem(int width, int kernel, int stride) {
    convolve("stem", Convolution.same(width, kernel, stride), true);
    channels = width;
  }

  /** A stage of equal blocks, of which the first may halve the extent. */
  void stage(String name, Stage stage) {
    boolean pooled = stage.downsample.equals("max");
    if (pooled) {
      add(name + "_pool", new Pooling(Pooling.Kind.MAX, 2, 2, 0));
    }
    for (int i = 1; i <= stage.depth; i++) {
      boolean first = i == 1;
      block(name + "_" + i, stage, first && stage.downsample.equals("stride") ? 2 : 1);
    }
  }

  /** The choices of one stage. */
  record Stage(int depth, String block, int kernel, int width, int expansion, String downsample) {}

  private void block(String name, Stage stage, int stride) {
    switch (stage.block) {
      case "conv" -> convolve(name, Convolution.same(stage.width, stage.kernel, stride), true);
      case "separable" -> {
        convolve(name + "_dw", Convolution.depthwise(channels, stage.kernel, stride), true);
        convolve(name + "_pw", Convolution.pointwise(stage.width), true);
      }
      case "inverted" -> inverted(name, stage, stride);
      default -> throw new IllegalStateException("unknown block " + stage.block);
    }
    channels = stage.width;
  }

  private void inverted(String name, Stage stage, int stride) {
    String shortcut = last;
    int inner = channels * stage.expansion;
    if (stage.expansion > 1) {
      convolve(name + "_expand", Convolution.pointwise(inner), true);
    }
    convolve(name + "_dw", Convolution.depthwise(inner, stage.kernel, stride), true);
    convolve(name + "_project", Convolution.pointwise(stage.width), false);
    if (stride == 1 && channels == stage.width) {
      nodes.add(new Node(name + "_add", new Add(), List.of(last, shortcut)));
      last = name + "_add";
    }
  }

  /** Pools or flattens, then an optional hidden layer, then the class scores. */
  Architecture head(String kind, int hidden, int classes) {
    add("head", kind.equals("pooled") ? new GlobalAveragePool() : new Flatten());
    if (hidden > 0) {
      add("hidden", new Dense(hidden, true));
      add("hidden_act", activation);
    }
    add("scores", new Dense(classes, true));
    return new Architecture(input, nodes);
  }

  private void convolve(String name, Convolution convolution, boolean activated) {
    add(name, convolution);
    add(name + "_bn", new BatchNorm());
    if (activated) {
      add(name + "_act", activation);
    }
  }

  private void add(String name, Layer layer) {
    nodes.add(new Node(name, layer, List.of(last)));
    last = name;
  }
}
