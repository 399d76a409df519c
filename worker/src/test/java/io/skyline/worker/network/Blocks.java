package io.skyline.worker.network;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.architecture.SoftArgmax;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The compact blocks of the literature, each two or more in a row in a small network. */
public final class Blocks {
  private final List<Node> nodes = new ArrayList<>();

  private Blocks() {}

  /** By name. */
  public static Map<String, Architecture> all() {
    Map<String, Architecture> all = new LinkedHashMap<>();
    all.put("fire modules", fire());
    all.put("inverted residuals with squeeze-excite and hard swish", invertedResiduals());
    all.put("ShuffleNet v1 units", shuffleUnits1());
    all.put("ShuffleNet v2 units", shuffleUnits2(32));
    all.put("ShuffleNet v2 units of odd width", shuffleUnits2(20));
    all.put("dense connections", denseConnections());
    all.put("learned groups as they ship", learnedGroups());
    all.put("spatial attention", spatialAttention());
    all.put("stochastic depth", stochasticDepth());
    all.put("a glimpse first", glimpse());
    return all;
  }

  public String add(Layer layer, String... inputs) {
    String name = "n" + nodes.size();
    nodes.add(new Node(name, layer, List.of(inputs)));
    return name;
  }

  private String activated(Function function, Convolution convolution, String input) {
    return add(new Activation(function), normalized(convolution, input));
  }

  private String normalized(Convolution convolution, String input) {
    return add(new BatchNorm(), add(convolution, input));
  }

  private Architecture scored(String last) {
    add(new Dense(5, true), add(new GlobalAveragePool(), last));
    return new Architecture(new Shape(3, 8, 8), nodes);
  }

  /** SqueezeNet (Iandola et al. 2016): biased convolutions with ReLU and no normalization. */
  public static Architecture fire() {
    Blocks net = new Blocks();
    Activation relu = new Activation(Function.RELU);
    String x = net.add(relu, net.add(new Convolution(8, 3, 1, 1, 1, true), Architecture.INPUT));
    for (int expand : new int[] {16, 12}) {
      String squeezed = net.add(relu, net.add(new Convolution(8, 1, 1, 0, 1, true), x));
      String one = net.add(relu, net.add(new Convolution(expand, 1, 1, 0, 1, true), squeezed));
      String three = net.add(relu, net.add(new Convolution(expand, 3, 1, 1, 1, true), squeezed));
      x = net.add(new Concat(), one, three);
      x = net.add(new Pooling(Pooling.Kind.MAX, 2, 2, 0), x);
    }
    return net.scored(x);
  }

  /** MobileNetV3 (Howard et al. 2019). */
  public static Architecture invertedResiduals() {
    Blocks net = new Blocks();
    String x = net.activated(Function.HARD_SWISH, Convolution.same(8, 3, 1), Architecture.INPUT);
    for (int outputs : new int[] {8, 12}) {
      int inner = 24;
      String y = net.activated(Function.HARD_SWISH, Convolution.pointwise(inner), x);
      y = net.normalized(Convolution.depthwise(inner, 5, outputs == 8 ? 1 : 2), y);
      y = net.add(new Activation(Function.HARD_SWISH), y);
      String gate = net.add(new Dense(8, true), net.add(new GlobalAveragePool(), y));
      gate = net.add(new Dense(inner, true), net.add(new Activation(Function.RELU), gate));
      gate = net.add(new Activation(Function.HARD_SIGMOID), gate);
      y = net.normalized(Convolution.pointwise(outputs), net.add(new Multiply(), y, gate));
      x = outputs == 8 ? net.add(new Add(), x, y) : y;
    }
    return net.scored(x);
  }

  /** Zhang et al. 2018, figure 2 b and c. */
  public static Architecture shuffleUnits1() {
    Blocks net = new Blocks();
    String x = net.activated(Function.RELU, Convolution.same(24, 3, 1), Architecture.INPUT);
    int groups = 3;
    for (int stride : new int[] {2, 1}) {
      int inner = 12;
      int outputs = stride == 2 ? 24 : 48;
      String y = net.activated(Function.RELU, Convolution.grouped(inner, 1, 1, groups), x);
      y = net.add(new Shuffle(groups), y);
      y = net.normalized(Convolution.depthwise(inner, 3, stride), y);
      y = net.normalized(Convolution.grouped(outputs, 1, 1, groups), y);
      x =
          stride == 2
              ? net.add(new Concat(), net.add(new Pooling(Pooling.Kind.AVERAGE, 3, 2, 1), x), y)
              : net.add(new Add(), x, y);
      x = net.add(new Activation(Function.RELU), x);
    }
    return net.scored(x);
  }

  /** Ma et al. 2018, figure 3 c and d: one unit of stride 2, then three of stride 1. */
  public static Architecture shuffleUnits2(int width) {
    Blocks net = new Blocks();
    String x = net.activated(Function.RELU, Convolution.same(8, 3, 1), Architecture.INPUT);
    int half = width / 2;
    String left = net.normalized(Convolution.depthwise(8, 3, 2), x);
    left = net.activated(Function.RELU, Convolution.pointwise(half), left);
    String right = net.branch(half, 2, x);
    for (int unit = 0; unit < 3; unit++) {
      x = net.add(new Shuffle(2), net.add(new Concat(), left, right));
      left = net.add(new Slice(0, half), x);
      right = net.branch(half, 1, net.add(new Slice(half, width), x));
    }
    x = net.add(new Shuffle(2), net.add(new Concat(), left, right));
    return net.scored(net.activated(Function.RELU, Convolution.pointwise(16), x));
  }

  private String branch(int channels, int stride, String x) {
    String y = activated(Function.RELU, Convolution.pointwise(channels), x);
    y = normalized(Convolution.depthwise(channels, 3, stride), y);
    return activated(Function.RELU, Convolution.pointwise(channels), y);
  }

  /** DenseNet (Huang et al. 2017): every layer reads all before it. */
  public static Architecture denseConnections() {
    Blocks net = new Blocks();
    String x = net.add(Convolution.same(16, 3, 1), Architecture.INPUT);
    for (int layer = 0; layer < 3; layer++) {
      String y = net.add(new Activation(Function.RELU), net.add(new BatchNorm(), x));
      y = net.activated(Function.RELU, Convolution.pointwise(24), y);
      x = net.add(new Concat(), x, net.add(Convolution.same(12, 3, 1), y));
    }
    return net.scored(net.add(new Activation(Function.RELU), net.add(new BatchNorm(), x)));
  }

  /** CondenseNet (Huang et al. 2018, figure 3): inputs read twice, once, or by no group. */
  public static Architecture learnedGroups() {
    Blocks net = new Blocks();
    String x = net.activated(Function.RELU, Convolution.same(16, 3, 1), Architecture.INPUT);
    for (int layer = 0; layer < 2; layer++) {
      List<Integer> kept =
          layer == 0
              ? List.of(0, 3, 4, 5, 3, 8, 9, 15, 1, 3, 4, 12, 8, 9, 10, 11)
              : List.of(17, 16, 2, 23, 20, 19, 18, 22, 21, 17, 16, 7);
      String y = net.add(new Select(kept), x);
      y = net.activated(Function.RELU, Convolution.grouped(32, 1, 1, 4), y);
      y = net.add(new Shuffle(4), y);
      y = net.activated(Function.RELU, Convolution.grouped(8, 3, 1, 4), y);
      x = net.add(new Concat(), x, y);
    }
    return net.scored(x);
  }

  /** CBAM (Woo et al. 2018): a gate of channels, then a gate of positions. */
  public static Architecture spatialAttention() {
    Blocks net = new Blocks();
    String x = net.activated(Function.RELU, Convolution.same(20, 3, 1), Architecture.INPUT);
    String gate = net.add(new Dense(20, true), net.add(new GlobalAveragePool(), x));
    x = net.add(new Multiply(), x, net.add(new Activation(Function.SIGMOID), gate));
    String mean = net.add(new ChannelPooling(Pooling.Kind.AVERAGE), x);
    String max = net.add(new ChannelPooling(Pooling.Kind.MAX), x);
    String where = net.add(new Convolution(1, 7, 1, 3, 1, true), net.add(new Concat(), mean, max));
    x = net.add(new Multiply(), x, net.add(new Activation(Function.SIGMOID), where));
    return net.scored(net.activated(Function.RELU, Convolution.same(16, 3, 2), x));
  }

  /** Huang et al. 2016. */
  public static Architecture stochasticDepth() {
    Blocks net = new Blocks();
    String x = net.activated(Function.RELU, Convolution.same(12, 3, 1), Architecture.INPUT);
    for (int block = 0; block < 2; block++) {
      String y = net.normalized(Convolution.same(12, 3, 1), x);
      x = net.add(new Add(), x, net.add(new DropPath(0.4), y));
      x = net.add(new Activation(Function.RELU), x);
    }
    return net.scored(x);
  }

  /** Jaderberg et al. 2015: what a tiny network finds in the image is looked at closely. */
  public static Architecture glimpse() {
    Blocks net = new Blocks();
    String coarse = net.add(new Pooling(Pooling.Kind.AVERAGE, 2, 2, 0), Architecture.INPUT);
    String found = net.activated(Function.RELU, Convolution.same(8, 3, 1), coarse);
    String place = net.add(new SoftArgmax(2.5), net.add(Convolution.same(1, 3, 1), found));
    String x = net.add(new Glimpse(5, 4), Architecture.INPUT, place);
    return net.scored(net.activated(Function.RELU, Convolution.same(16, 3, 1), x));
  }
}
