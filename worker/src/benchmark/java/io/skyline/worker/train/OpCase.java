package io.skyline.worker.train;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
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
import io.skyline.architecture.Pooling.Kind;
import io.skyline.architecture.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The ops that are measured, at shapes that occur in our search spaces, for a batch of 64. */
public enum OpCase {
  IMAGE_1_CHANNEL(1, 28, Convolution.same(32, 3, 1)),
  IMAGE_3_CHANNELS(3, 32, Convolution.same(32, 3, 1)),
  CONV_16(16, 32, Convolution.same(16, 3, 1)),
  CONV_32_TO_64(32, 14, Convolution.same(64, 3, 1)),
  CONV_64(64, 8, Convolution.same(64, 3, 1)),
  CONV_STRIDE_2(32, 16, Convolution.same(64, 3, 2)),
  CONV_12_TO_20(12, 16, Convolution.same(20, 3, 1)),
  CONV_20_TO_36(20, 16, Convolution.same(36, 3, 1)),
  CONV_4_GROUPS(64, 16, Convolution.grouped(64, 3, 1, 4)),
  CONV_4_GROUPS_OF_5(20, 16, Convolution.grouped(20, 3, 1, 4)),
  CONV_64_DILATED_2(64, 16, Convolution.dilated(64, 3, 2)),
  POINTWISE_64(64, 16, Convolution.pointwise(64)),
  POINTWISE_24_TO_96(24, 14, Convolution.pointwise(96)),
  POINTWISE_20_TO_36(20, 16, Convolution.pointwise(36)),
  DEPTHWISE_3(64, 16, Convolution.depthwise(64, 3, 1)),
  DEPTHWISE_3_STRIDE_2(32, 32, Convolution.depthwise(32, 3, 2)),
  DEPTHWISE_3_OVER_20(20, 16, Convolution.depthwise(20, 3, 1)),
  DEPTHWISE_3_DILATED_2(64, 16, new Convolution(64, 3, 1, 2, 2, 64, false)),
  DEPTHWISE_5(64, 16, Convolution.depthwise(64, 5, 1)),
  DEPTHWISE_5_STRIDE_2(96, 14, Convolution.depthwise(96, 5, 2)),
  DEPTHWISE_7(48, 14, Convolution.depthwise(48, 7, 1)),
  NORM_RELU(32, 32, new BatchNorm(), new Activation(Function.RELU)),
  NORM_RELU_SMALL(64, 8, new BatchNorm(), new Activation(Function.RELU)),
  NORM_RELU_OVER_20(20, 16, new BatchNorm(), new Activation(Function.RELU)),
  NORM_RELU6(64, 16, new BatchNorm(), new Activation(Function.RELU6)),
  NORM(32, 32, new BatchNorm()),
  ADD_RELU(16, 32, new Add(), new Activation(Function.RELU)),
  MAX_POOL_2(32, 28, new Pooling(Kind.MAX, 2, 2, 0)),
  MAX_POOL_3(32, 28, new Pooling(Kind.MAX, 3, 1, 1)),
  MAX_POOL_3_STRIDE_2(32, 28, new Pooling(Kind.MAX, 3, 2, 1)),
  AVERAGE_POOL_2(32, 28, new Pooling(Kind.AVERAGE, 2, 2, 0)),
  GLOBAL_AVERAGE(64, 8, new GlobalAveragePool()),
  LAYOUT(64, 7, new Flatten()),
  LAYOUT_OVER_20(20, 14, new Flatten()),
  DENSE(3136, 1, new Dense(128, true));

  static final int BATCH = 64;
  private static final String OP = "op";

  private final Shape input;
  private final List<Layer> layers;

  OpCase(int channels, int extent, Layer... layers) {
    this.input = new Shape(channels, extent, extent);
    this.layers = List.of(layers);
  }

  /** The op between a normalized input, which wants a gradient, and a small head. */
  Architecture architecture() {
    List<Node> nodes = new ArrayList<>();
    String last = Architecture.INPUT;
    if (!isImage()) {
      // unit variance: a normalization's gradient in place, repeated, neither grows nor vanishes
      nodes.add(new Node("stem", Convolution.depthwise(input.channels(), 1, 1), List.of(last)));
      nodes.add(new Node("unit", new BatchNorm(), List.of("stem")));
      last = "unit";
    }
    for (Layer layer : layers) {
      String name = nodes.stream().anyMatch(n -> n.name().equals(OP)) ? OP + "_then" : OP;
      nodes.add(
          new Node(name, layer, layer instanceof Add ? List.of(last, "stem") : List.of(last)));
      last = name;
    }
    if (!(layers.get(0) instanceof GlobalAveragePool)) {
      nodes.add(new Node("mean", new GlobalAveragePool(), List.of(last)));
      last = "mean";
    }
    nodes.add(new Node("classes", new Dense(10, true), List.of(last)));
    return new Architecture(input, nodes);
  }

  private boolean isImage() {
    return input.channels() == 1 || input.channels() == 3;
  }

  /** Which steps of the graph's programs belong to the op. */
  Predicate<String> steps() {
    String prefix = layers.get(0) instanceof Flatten ? "layout" : OP;
    return name -> name.startsWith(prefix);
  }

  private Shape output() {
    return architecture().shape(layers.size() > 1 ? OP + "_then" : OP);
  }

  /** The op and its shape in words. */
  String text() {
    Shape out = output();
    String shape = input.channels() + "x" + input.height() + "x" + input.width();
    String words = name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    return out.equals(input)
        ? words + ", " + shape
        : words + ", " + shape + " to " + out.channels() + "x" + out.height() + "x" + out.width();
  }

  /** Multiplications and additions of a pass; 0 where they do not matter. */
  double flops(boolean backward) {
    double products;
    if (layers.get(0) instanceof Convolution c) {
      double taps = (double) c.taps() * input.channels() / c.groups();
      products = BATCH * taps * output().elements();
    } else if (layers.get(0) instanceof Dense d) {
      products = (double) BATCH * input.channels() * d.outputs();
    } else {
      return 0;
    }
    return 2 * products * (backward && !isImage() ? 2 : 1);
  }

  /** Bytes that cross to memory if each tensor is read or written once a necessary pass. */
  double bytes(boolean backward) {
    double in = (double) BATCH * input.elements();
    double out = (double) BATCH * output().elements();
    Layer layer = layers.get(0);
    double floats;
    if (layer instanceof BatchNorm) {
      floats = backward ? 4 * in + out : 2 * in + out; // statistics first, then values
    } else if (layer instanceof Add) {
      floats = backward ? 3 * out : 2 * in + out;
    } else if (layer instanceof Pooling p && p.kind() == Kind.MAX) {
      floats = backward ? 2 * in + 2 * out : in + out;
    } else if (layer instanceof Convolution) {
      floats = !backward ? in + out : isImage() ? in + out : 2 * in + 2 * out;
    } else if (layer instanceof Dense d) {
      double kernel = (double) input.channels() * d.outputs();
      floats = backward ? 2 * kernel + 2 * in + 2 * out : kernel + in + out;
    } else {
      floats = in + out;
    }
    return floats * Float.BYTES;
  }
}
