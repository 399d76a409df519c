package io.skyline.worker.train;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
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
  },

  /** ShuffleNet-v2 units (Ma et al. 2018) in stages of 2 and 4 on 32x32 colour images. */
  SHUFFLE {
    @Override
    public Architecture architecture() {
      Builder net = new Builder();
      String x = net.convolved("stem", Convolution.same(32, 3, 1), Architecture.INPUT);
      int[][] stages = {{64, 2}, {128, 4}};
      for (int[] stage : stages) {
        int half = stage[0] / 2;
        String name = "s" + stage[0];
        int channels = stage[0] == 64 ? 32 : 64;
        String left = net.normalized(name + "l", Convolution.depthwise(channels, 3, 2), x);
        left = net.convolved(name + "m", Convolution.pointwise(half), left);
        String right = net.unit(name + "_0", half, 2, x);
        x = net.add(name + "_join", new Concat(), left, right);
        x = net.add(name + "_mix", new Shuffle(2), x);
        for (int unit = 1; unit < stage[1]; unit++) {
          String at = name + "_" + unit;
          left = net.add(at + "_left", new Slice(0, half), x);
          right = net.add(at + "_right", new Slice(half, stage[0]), x);
          right = net.unit(at, half, 1, right);
          x = net.add(at + "_join", new Concat(), left, right);
          x = net.add(at + "_mix", new Shuffle(2), x);
        }
      }
      x = net.convolved("last", Convolution.pointwise(128), x);
      return net.withHead(new Shape(3, 32, 32), x);
    }
  },

  /** Fire modules (SqueezeNet, Iandola et al. 2016), normalized, on 32x32 colour images. */
  SQUEEZE {
    @Override
    public Architecture architecture() {
      Builder net = new Builder();
      String x = net.convolved("stem", Convolution.same(32, 3, 1), Architecture.INPUT);
      x = net.add("stem_pool", new Pooling(Pooling.Kind.MAX, 2, 2, 0), x);
      int[][] modules = {{16, 32}, {16, 32}, {24, 48}, {24, 64}};
      for (int i = 0; i < modules.length; i++) {
        String name = "fire" + i;
        String squeezed = net.convolved(name + "s", Convolution.pointwise(modules[i][0]), x);
        int expand = modules[i][1];
        String one = net.convolved(name + "a", Convolution.pointwise(expand), squeezed);
        String three = net.convolved(name + "b", Convolution.same(expand, 3, 1), squeezed);
        x = net.add(name, new Concat(), one, three);
        if (i == 1) {
          x = net.add(name + "_pool", new Pooling(Pooling.Kind.MAX, 2, 2, 0), x);
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

    /** The computing branch of a ShuffleNet-v2 unit. */
    String unit(String name, int outputs, int stride, String x) {
      String y = convolved(name + "a", Convolution.pointwise(outputs), x);
      y = normalized(name + "b", Convolution.depthwise(outputs, 3, stride), y);
      return convolved(name + "c", Convolution.pointwise(outputs), y);
    }

    Architecture withHead(Shape input, String last) {
      add("classes", new Dense(10, true), add("mean", new GlobalAveragePool(), last));
      return new Architecture(input, nodes);
    }
  }
}
