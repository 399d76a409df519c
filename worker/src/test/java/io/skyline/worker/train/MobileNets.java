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
import io.skyline.architecture.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Random networks like those of the space {@code mobile}: every block, kernel and width. */
final class MobileNets {
  private final List<Node> nodes = new ArrayList<>();
  private final SplittableRandom random;

  private MobileNets(SplittableRandom random) {
    this.random = random;
  }

  static Architecture draw(SplittableRandom random, Shape input, int classes) {
    return new MobileNets(random).build(input, classes);
  }

  private Architecture build(Shape input, int classes) {
    int channels = width();
    String x = convolved(Convolution.same(channels, 3, 1), Architecture.INPUT, true);
    for (int stage = 0; stage < 3; stage++) {
      int outputs = width();
      int blocks = 1 + random.nextInt(2);
      int kernel = random.nextBoolean() ? 3 : 5;
      int kind = random.nextInt(3);
      for (int block = 0; block < blocks; block++) {
        int stride = block == 0 && stage < 2 ? 2 : 1;
        String before = x;
        if (kind == 0) {
          x = convolved(Convolution.same(outputs, kernel, stride), x, true);
        } else if (kind == 1) {
          x = convolved(Convolution.depthwise(channels, kernel, stride), x, true);
          x = convolved(Convolution.pointwise(outputs), x, true);
        } else {
          int expanded = channels * (random.nextBoolean() ? 2 : 4);
          x = convolved(Convolution.pointwise(expanded), x, true);
          x = convolved(Convolution.depthwise(expanded, kernel, stride), x, true);
          x = convolved(Convolution.pointwise(outputs), x, false);
        }
        if (stride == 1 && channels == outputs) {
          x = add(new Add(), x, before);
        }
        channels = outputs;
      }
    }
    if (random.nextBoolean()) {
      x = add(new GlobalAveragePool(), x);
    } else {
      x = add(new Flatten(), add(new Pooling(Pooling.Kind.MAX, 2, 2, 0), x));
    }
    add(new Dense(classes, true), x);
    return new Architecture(input, nodes);
  }

  private int width() {
    return 8 * (1 + random.nextInt(6));
  }

  private String convolved(Convolution convolution, String input, boolean active) {
    String x = add(new BatchNorm(), add(convolution, input));
    Function function = random.nextBoolean() ? Function.RELU : Function.RELU6;
    return active ? add(new Activation(function), x) : x;
  }

  private String add(Layer layer, String... inputs) {
    String name = "n" + nodes.size();
    nodes.add(new Node(name, layer, List.of(inputs)));
    return name;
  }
}
