package io.skyline.worker.train;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Networks, weights and examples for tests. */
final class Nets {
  private Nets() {}

  /** A network of layers one after the other, named l0, l1, ... */
  static Architecture chain(Shape input, Layer... layers) {
    List<Node> nodes = new ArrayList<>();
    String last = Architecture.INPUT;
    for (int i = 0; i < layers.length; i++) {
      nodes.add(new Node("l" + i, layers[i], List.of(last)));
      last = "l" + i;
    }
    return new Architecture(input, nodes);
  }

  static Node node(String name, Layer layer, String... inputs) {
    return new Node(name, layer, List.of(inputs));
  }

  /** Weights away from their special starting values: scales near 1, variances near 1, noise. */
  static Network network(Architecture architecture, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        float[] values = new float[parameter.size()];
        int fanIn = parameter.size() / parameter.dimensions().get(0);
        for (int i = 0; i < values.length; i++) {
          values[i] =
              (float)
                  switch (parameter.name()) {
                    case "kernel" -> random.nextGaussian() * Math.sqrt(2.0 / fanIn);
                    case "gamma", "variance" -> 0.5 + random.nextDouble();
                    default -> random.nextGaussian() * 0.3;
                  };
        }
        tensors.put(Weights.key(node, parameter.name()), values);
      }
    }
    return new Network(architecture, new Weights(tensors), normalization(architecture.input()));
  }

  static Normalization normalization(Shape input) {
    return new Normalization(
        Collections.nCopies(input.channels(), 120f), Collections.nCopies(input.channels(), 70f));
  }

  static Examples examples(Shape shape, int count, int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] pixels = new byte[Math.toIntExact(count * shape.elements())];
    random.nextBytes(pixels);
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = random.nextInt(classes);
    }
    return new Examples(shape, pixels, labels);
  }

  /** The examples as the network's first layer sees them. */
  static double[] normalised(Network network, Examples examples) {
    double[] images = new double[examples.pixels().length];
    int plane = examples.shape().height() * examples.shape().width();
    for (int i = 0; i < images.length; i++) {
      int channel = i / plane % examples.shape().channels();
      images[i] =
          ((examples.pixels()[i] & 0xFF) - network.normalization().mean().get(channel))
              / network.normalization().deviation().get(channel);
    }
    return images;
  }
}
