package io.skyline.worker.export;

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
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Seeded networks and images for tests. */
public final class SampleNetworks {
  public static final Activation RELU = new Activation(Activation.Function.RELU);
  public static final Activation RELU6 = new Activation(Activation.Function.RELU6);

  private final Shape input;
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Shape> shapes = new HashMap<>();
  private String last = Architecture.INPUT;

  public SampleNetworks(Shape input) {
    this.input = input;
    shapes.put(last, input);
  }

  /** Appends a layer that reads the one before it; returns its name. */
  public String then(Layer layer) {
    return from(layer, last);
  }

  /** Appends a layer that reads these. */
  public String from(Layer layer, String... inputs) {
    last = "n" + nodes.size();
    nodes.add(new Node(last, layer, List.of(inputs)));
    shapes.put(last, layer.output(Stream.of(inputs).map(shapes::get).toList()));
    return last;
  }

  public Architecture architecture() {
    return new Architecture(input, nodes);
  }

  /** Random weights of sensible size, running statistics included. */
  public static Network drawn(Architecture architecture, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : architecture.nodes()) {
      for (Parameter parameter : architecture.parameters(node)) {
        int size = parameter.size();
        double fan = Math.sqrt(2.0 * parameter.dimensions().get(0) / size);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] =
              (float)
                  switch (parameter.name()) {
                    case "kernel" -> fan * random.nextGaussian();
                    case "gamma", "variance" -> 0.5 + random.nextDouble();
                    default -> 0.2 * random.nextGaussian();
                  };
        }
        tensors.put(Weights.key(node, parameter.name()), values);
      }
    }
    int channels = architecture.input().channels();
    List<Float> mean = new ArrayList<>();
    List<Float> deviation = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      mean.add(72.94f + 11.3f * c);
      deviation.add(90.02f - 7.7f * c);
    }
    return new Network(architecture, new Weights(tensors), new Normalization(mean, deviation));
  }

  /** Uniform noise, labels drawn too. */
  public static Examples images(Shape shape, int count, int classes, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] pixels = new byte[Math.toIntExact(count * shape.elements())];
    random.nextBytes(pixels);
    return new Examples(shape, pixels, random.ints(count, 0, classes).toArray());
  }

  /** The least and the greatest value of every node over some images. */
  public static Map<String, Encoding.Range> ranges(Network network, Examples images) {
    Map<String, Encoding.Range> ranges = new HashMap<>();
    for (int i = 0; i < images.count(); i++) {
      DoubleInference.values(network, images, i)
          .forEach(
              (name, values) -> {
                float low = (float) Arrays.stream(values).min().orElseThrow();
                float high = (float) Arrays.stream(values).max().orElseThrow();
                ranges.merge(name, new Encoding.Range(low, high), Encoding.Range::and);
              });
    }
    return ranges;
  }

  /** A small random network of every kind of layer: at most a few thousand values a layer. */
  public static Architecture random(SplittableRandom random) {
    SampleNetworks net =
        new SampleNetworks(
            new Shape(random.nextInt(1, 4), random.nextInt(6, 12), random.nextInt(6, 12)));
    int layers = random.nextInt(1, 9);
    for (int i = 0; i < layers; i++) {
      net.append(random, net.shapes.get(net.last));
    }
    if (!net.shapes.get(net.last).isFlat()) {
      net.then(random.nextBoolean() ? new GlobalAveragePool() : new Flatten());
    }
    switch (random.nextInt(4)) {
      case 0 -> net.then(Convolution.pointwise(5));
      case 1 -> {
        net.then(new Dense(5, random.nextBoolean()));
        net.then(new BatchNorm());
      }
      default -> net.then(new Dense(5, random.nextBoolean()));
    }
    return net.architecture();
  }

  private void append(SplittableRandom random, Shape at) {
    int largest = Math.min(at.height(), at.width());
    int kernel = largest < 2 ? 1 : random.nextInt(1, Math.min(largest, 5) + 1);
    int stride = random.nextInt(1, 3);
    int padding = random.nextInt(kernel);
    switch (random.nextInt(10)) {
      case 0, 1 ->
          then(
              new Convolution(
                  8 * random.nextInt(1, 3), kernel, stride, padding, 1, random.nextBoolean()));
      case 2 ->
          then(
              new Convolution(
                  at.channels(), kernel, stride, padding, at.channels(), random.nextBoolean()));
      case 3 -> then(new BatchNorm());
      case 4 -> then(random.nextBoolean() ? RELU : RELU6);
      case 5 -> then(new Pooling(Pooling.Kind.MAX, kernel, stride, padding));
      case 6 -> then(new Pooling(Pooling.Kind.AVERAGE, kernel, stride, padding));
      case 7 -> {
        String trunk = last;
        String branch = then(Convolution.same(at.channels(), 1, 1));
        from(new Add(), random.nextBoolean() ? trunk : branch, branch);
      }
      case 8 -> then(at.isFlat() ? new Dense(16, true) : RELU);
      default -> {
        then(Convolution.same(16, at.isFlat() ? 1 : 3, 1));
        then(new BatchNorm());
        then(RELU);
      }
    }
  }
}
