package io.skyline.worker.train;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import java.util.ArrayList;
import java.util.List;

/** The networks by which training speed is compared, for ten classes. */
public enum BenchmarkNets {
  /** Two convolutions with pooling on 28x28 grey images: 19,562 parameters. */
  A {
    @Override
    public Architecture architecture() {
      Builder net = new Builder();
      String x = net.convolved("a", Convolution.same(32, 3, 1), Architecture.INPUT);
      x = net.add("a_pool", new Pooling(Pooling.Kind.MAX, 2, 2, 0), x);
      x = net.convolved("b", Convolution.same(64, 3, 1), x);
      x = net.add("b_pool", new Pooling(Pooling.Kind.MAX, 2, 2, 0), x);
      return net.withHead(new Shape(1, 28, 28), x);
    }
  },

  /** Four depthwise-separable blocks on 32x32 colour images: 36,874 parameters. */
  B {
    @Override
    public Architecture architecture() {
      Builder net = new Builder();
      String x = net.convolved("stem", Convolution.same(32, 3, 1), Architecture.INPUT);
      int[][] blocks = {{32, 64, 2}, {64, 64, 1}, {64, 128, 2}, {128, 128, 1}};
      for (int i = 0; i < blocks.length; i++) {
        int[] block = blocks[i];
        x = net.convolved("deep" + i, Convolution.depthwise(block[0], 3, block[2]), x);
        x = net.convolved("point" + i, Convolution.pointwise(block[1]), x);
      }
      return net.withHead(new Shape(3, 32, 32), x);
    }
  },

  /** ResNet-20 (He et al. 2016, section 4.2) with projections: 272,474 parameters. */
  C {
    @Override
    public Architecture architecture() {
      Builder net = new Builder();
      String x = net.convolved("stem", Convolution.same(16, 3, 1), Architecture.INPUT);
      int channels = 16;
      for (int outputs : new int[] {16, 32, 64}) {
        for (int block = 0; block < 3; block++) {
          int stride = outputs != channels ? 2 : 1;
          String name = "s" + outputs + "_" + block;
          String y = net.convolved(name + "a", Convolution.same(outputs, 3, stride), x);
          y = net.normalized(name + "b", Convolution.same(outputs, 3, 1), y);
          if (outputs != channels) {
            x = net.normalized(name + "p", new Convolution(outputs, 1, stride, 0, 1, false), x);
          }
          x = net.add(name + "_sum", new Add(), y, x);
          x = net.add(name + "_relu", new Activation(Function.RELU), x);
          channels = outputs;
        }
      }
      return net.withHead(new Shape(3, 32, 32), x);
    }
  };

  public abstract Architecture architecture();

  /** The name on the command line. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  private static final class Builder {
    private final List<Node> nodes = new ArrayList<>();

    String add(String name, Layer layer, String... inputs) {
      nodes.add(new Node(name, layer, List.of(inputs)));
      return name;
    }

    String normalized(String name, Convolution convolution, String input) {
      return add(name + "_norm", new BatchNorm(), add(name + "_conv", convolution, input));
    }

    String convolved(String name, Convolution convolution, String input) {
      String normalized = normalized(name, convolution, input);
      return add(name + "_relu", new Activation(Function.RELU), normalized);
    }

    Architecture withHead(Shape input, String last) {
      add("classes", new Dense(10, true), add("mean", new GlobalAveragePool(), last));
      return new Architecture(input, nodes);
    }
  }
}
