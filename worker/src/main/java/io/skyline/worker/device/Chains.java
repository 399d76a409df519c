package io.skyline.worker.device;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.cost.Storage;
import io.skyline.worker.device.RandomModels.Drawn;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Networks of several equal convolutions of every form, in sizes beyond those of the catalog, so
 * that the cost of each is known apart from its usual neighbours; in float32 and int8 by turns.
 */
final class Chains {
  private static final int DEPTHWISE = 0;
  private static final int[] SQUARES = {1, 3, 5, 7};
  private static final int[] ROWS = {3, 9, 15, 31};
  private static final int[] GROUPS = {1, DEPTHWISE, 1, 2, 1, 4};
  private static final int CLASSES = 10;
  private static final double MOST_MACS = 1.5e7;

  private final SplittableRandom random;
  private int drawn;

  Chains(SplittableRandom random) {
    this.random = random;
  }

  /** The next one; forms, kernels and groups take turns. */
  Drawn next() {
    Storage storage = drawn % 2 == 0 ? Storage.FP32 : Storage.INT8;
    int turn = drawn++ / 2;
    boolean row = turn % 2 == 1;
    int kernel = (row ? ROWS : SQUARES)[turn / 2 % SQUARES.length];
    int groups = GROUPS[turn / 8 % GROUPS.length];
    while (true) {
      int channels = 4 * random.nextInt(1, 33) + (random.nextInt(8) == 0 ? 2 : 0);
      int others = groups == 1 ? 4 * random.nextInt(1, 33) : channels;
      int extent = random.nextInt(4, 29);
      Shape input = row ? new Shape(1, 1, 8 * extent) : new Shape(3, extent, extent);
      int convolutions = random.nextInt(2, 7);
      double macs = (double) channels * others * kernel * (row ? 1 : kernel) * input.elements();
      if (macs * convolutions < MOST_MACS * input.channels()) {
        return new Drawn(
            chain(input, pair(channels, others, kernel, groups, row), convolutions), storage);
      }
    }
  }

  private static List<Convolution> pair(
      int channels, int others, int kernel, int groups, boolean row) {
    Window.Form form = row ? Window.Form.ROW : Window.Form.SQUARE;
    int split = groups == DEPTHWISE ? channels : channels % groups == 0 ? groups : 1;
    return List.of(
        new Convolution(others, kernel, 1, kernel / 2, split, true).with(form),
        new Convolution(channels, kernel, 1, kernel / 2, split, true).with(form));
  }

  private static Architecture chain(Shape input, List<Convolution> pair, int count) {
    List<Layer> layers = new ArrayList<>();
    layers.add(Convolution.pointwise(pair.get(1).outputs()).withBias());
    for (int i = 0; i < count; i++) {
      layers.add(pair.get(i % 2));
      layers.add(new Activation(Activation.Function.RELU));
    }
    layers.add(new GlobalAveragePool());
    layers.add(new Dense(CLASSES, true));
    List<Node> nodes = new ArrayList<>();
    String last = Architecture.INPUT;
    for (Layer layer : layers) {
      String name = "layer" + nodes.size();
      nodes.add(new Node(name, layer, List.of(last)));
      last = name;
    }
    return new Architecture(input, nodes);
  }
}
