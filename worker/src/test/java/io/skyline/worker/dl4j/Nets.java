package io.skyline.worker.dl4j;

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
import io.skyline.architecture.Parameter;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Small whole networks that between them use every layer record in every way. */
public final class Nets {
  private static final Activation RELU = new Activation(Activation.Function.RELU);
  private static final Activation RELU6 = new Activation(Activation.Function.RELU6);

  private final List<Node> nodes = new ArrayList<>();
  private String last = Architecture.INPUT;

  private Nets() {}

  private Nets then(String name, Layer layer) {
    return from(name, layer, last);
  }

  private Nets from(String name, Layer layer, String... inputs) {
    nodes.add(new Node(name, layer, List.of(inputs)));
    last = name;
    return this;
  }

  private Nets normed(String name, Convolution conv, Activation activation) {
    return then(name, conv).then(name + "_norm", new BatchNorm()).then(name + "_act", activation);
  }

  private Architecture on(int channels, int height, int width) {
    return new Architecture(new Shape(channels, height, width), nodes);
  }

  /** Convolutions, BN, max pooling with padding, global pooling. */
  public static Architecture convolutional() {
    return new Nets()
        .normed("c1", Convolution.same(8, 3, 1), RELU)
        .then("pool", new Pooling(Pooling.Kind.MAX, 3, 2, 1))
        .normed("c2", Convolution.same(16, 3, 2), RELU)
        .then("gap", new GlobalAveragePool())
        .then("scores", new Dense(5, true))
        .on(3, 12, 10);
  }

  /** Depthwise 3x3 and 5x5, stride 2, RELU6. */
  public static Architecture depthwise() {
    return new Nets()
        .normed("stem", Convolution.same(8, 3, 1), RELU6)
        .normed("d1", Convolution.depthwise(8, 3, 2), RELU6)
        .normed("p1", Convolution.pointwise(16), RELU6)
        .normed("d2", Convolution.depthwise(16, 5, 1), RELU)
        .normed("p2", Convolution.pointwise(24), RELU)
        .then("gap", new GlobalAveragePool())
        .then("scores", new Dense(4, true))
        .on(1, 10, 10);
  }

  /** An inverted residual, and an activation on one branch of what an addition reads too. */
  public static Architecture residual() {
    return new Nets()
        .then("stem", Convolution.same(8, 3, 1))
        .then("pre", RELU)
        .normed("expand", Convolution.pointwise(24), RELU6)
        .normed("deep", Convolution.depthwise(24, 3, 1), RELU6)
        .then("project", Convolution.pointwise(8))
        .then("project_norm", new BatchNorm())
        .from("sum", new Add(), "stem", "project_norm")
        .then("act", RELU)
        .then("branch", Convolution.same(8, 3, 1))
        .from("sum2", new Add(), "branch", "sum")
        .then("gap", new GlobalAveragePool())
        .then("scores", new Dense(3, false))
        .on(3, 8, 8);
  }

  /** Biases everywhere, no BN, average pooling with padding, flattening and two dense layers. */
  public static Architecture vggLike() {
    return vggLikeFor(12, 14, 6);
  }

  /** The VGG-like one for other images of three channels. */
  public static Architecture vggLikeFor(int height, int width, int classes) {
    return new Nets()
        .then("c1", new Convolution(8, 3, 1, 1, 1, true))
        .then("r1", RELU)
        .then("c2", new Convolution(8, 3, 1, 1, 1, true))
        .then("r2", RELU)
        .then("m1", new Pooling(Pooling.Kind.MAX, 2, 2, 0))
        .then("c3", new Convolution(16, 3, 1, 0, 1, true))
        .then("r3", RELU)
        .then("a1", new Pooling(Pooling.Kind.AVERAGE, 3, 2, 1))
        .then("flat", new Flatten())
        .then("h1", new Dense(24, true))
        .then("r4", RELU)
        .then("h2", new Dense(classes, true))
        .on(3, height, width);
  }

  /** A flattened image into dense layers with BN on features. */
  public static Architecture dense() {
    return new Nets()
        .then("flat", new Flatten())
        .then("h1", new Dense(32, false))
        .then("n1", new BatchNorm())
        .then("r1", RELU)
        .then("h2", new Dense(32, true))
        .from("sum", new Add(), "r1", "h2")
        .then("scores", new Dense(4, true))
        .on(2, 6, 5);
  }

  /** Grouped convolutions, a channel multiplier, and maps of one pixel read as flat vectors. */
  public static Architecture grouped() {
    return new Nets()
        .then("stem", Convolution.same(8, 3, 2))
        .then("g", new Convolution(16, 3, 1, 1, 4, true))
        .then("r", RELU)
        .then("m", new Convolution(32, 3, 1, 1, 16, true))
        .then("big", new Convolution(12, 4, 1, 0, 1, false))
        .then("h", new Dense(12, true))
        .from("s", new Add(), "big", "h")
        .then("point", new Convolution(5, 1, 1, 0, 1, true))
        .on(3, 8, 8);
  }

  /** Windows of one row over a signal: every layer that has one, with stride, dilation, padding. */
  public static Architecture signal() {
    return new Nets()
        .normed("stem", row(16, 9, 2, 1, 1), RELU)
        .then("max", new Pooling(Pooling.Kind.MAX, 2, 2, 0, Window.Form.ROW))
        .normed("deep", row(16, 9, 1, 1, 16), RELU6)
        .normed("wide", row(24, 5, 1, 4, 1), RELU)
        .then("mean", new Pooling(Pooling.Kind.AVERAGE, 3, 2, 1, Window.Form.ROW))
        .then("groups", row(16, 5, 1, 1, 4))
        .normed("last", row(16, 3, 2, 2, 16), RELU)
        .then("flat", new Flatten())
        .then("scores", new Dense(4, true))
        .on(2, 1, 61);
  }

  private static Convolution row(int outputs, int kernel, int stride, int dilation, int groups) {
    int padding = kernel / 2 * dilation;
    return new Convolution(
        outputs, kernel, stride, padding, dilation, groups, false, Window.Form.ROW);
  }

  /** A net for images of 28 x 28 that trains in seconds: convolutions and an inverted residual. */
  public static Architecture small() {
    return new Nets()
        .normed("stem", Convolution.same(16, 3, 2), RELU)
        .normed("expand", Convolution.pointwise(32), RELU6)
        .normed("deep", Convolution.depthwise(32, 3, 1), RELU6)
        .then("project", Convolution.pointwise(16))
        .then("project_norm", new BatchNorm())
        .from("sum", new Add(), "stem_act", "project_norm")
        .normed("wide", Convolution.same(32, 3, 2), RELU)
        .then("pool", new Pooling(Pooling.Kind.AVERAGE, 2, 2, 0))
        .then("flat", new Flatten())
        .then("scores", new Dense(10, true))
        .on(1, 28, 28);
  }

  /** Two convolutions of 16 channels whose outputs are added. */
  public static Architecture tiedPair() {
    return new Nets()
        .then("stem", Convolution.same(16, 3, 1))
        .then("branch", Convolution.same(16, 3, 1))
        .from("sum", new Add(), "stem", "branch")
        .then("gap", new GlobalAveragePool())
        .then("scores", new Dense(3, true))
        .on(3, 6, 6);
  }

  /** Weights with nothing at its neutral value: scales, shifts and statistics drawn too. */
  public static Network drawn(Architecture architecture, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        float[] values = new float[parameter.size()];
        double deviation = Math.sqrt(2.0 * parameter.dimensions().get(0) / values.length);
        for (int i = 0; i < values.length; i++) {
          values[i] =
              (float)
                  switch (parameter.name()) {
                    case "kernel" -> deviation * random.nextGaussian();
                    case "gamma", "variance" -> random.nextDouble(0.5, 1.5);
                    default -> random.nextDouble(-0.3, 0.3);
                  };
        }
        tensors.put(Weights.key(node, parameter.name()), values);
      }
    }
    int channels = architecture.input().channels();
    return new Network(
        architecture,
        new Weights(tensors),
        new Normalization(Collections.nCopies(channels, 90f), Collections.nCopies(channels, 70f)));
  }
}
