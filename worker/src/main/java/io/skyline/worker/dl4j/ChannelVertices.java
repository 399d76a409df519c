package io.skyline.worker.dl4j;

import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationLReLU;

/**
 * Layers that DL4J does not have, out of those that it has, so that any JVM with DL4J can load
 * them: a shuffle, an index layer and a mean over channels are frozen 1x1 convolutions, a maximum
 * over channels a tree of sums and ReLUs, a gate is repeated until it has its input's shape.
 */
record ChannelVertices(ComputationGraphConfiguration.GraphBuilder graph) {
  /** Brings all but the least numbers beyond 1, where a hard tanh is a sign. */
  static final double STEEP = 1e20;

  /** x, or -x where that is larger. */
  static final IActivation MAGNITUDE = new ActivationLReLU(-1);

  private static final String FIXED = ".fixed";

  /** Adds a convolution with the {@link #constants} of a node; returns its vertex. */
  String fixed(Node node, int inputs, int outputs, String input) {
    String vertex = node.name() + FIXED;
    var layer =
        Convolutions.ordinary(
            io.skyline.architecture.Convolution.pointwise(outputs), outputs, inputs);
    graph.addLayer(vertex, new FrozenLayerWithBackprop(layer), input);
    return vertex;
  }

  /** The kernels of all frozen convolutions, outputs x inputs, by vertex. */
  static Map<String, float[][]> constants(Architecture architecture) {
    Map<String, float[][]> kernels = new LinkedHashMap<>();
    for (Node node : architecture.nodes()) {
      Shape in = architecture.inputShapes(node).get(0);
      int channels = in.channels();
      if (node.layer() instanceof Shuffle shuffle) {
        float[][] kernel = new float[channels][channels];
        for (int c = 0; c < channels; c++) {
          kernel[c][shuffle.source(c, channels)] = 1f;
        }
        kernels.put(node.name() + FIXED, kernel);
      } else if (node.layer() instanceof Select select) {
        float[][] kernel = new float[select.channels().size()][channels];
        for (int c = 0; c < kernel.length; c++) {
          kernel[c][select.channels().get(c)] = 1f;
        }
        kernels.put(node.name() + FIXED, kernel);
      } else if (isMean(node)) {
        float[][] kernel = new float[1][channels];
        Arrays.fill(kernel[0], 1f / channels);
        kernels.put(node.name() + FIXED, kernel);
      } else if (node.layer() instanceof Multiply
          && !Multiply.gatesChannels(in, architecture.inputShapes(node).get(1))) {
        float[][] kernel = new float[channels][1];
        for (float[] row : kernel) {
          row[0] = 1f;
        }
        kernels.put(node.name() + FIXED, kernel);
      }
    }
    return kernels;
  }

  private static boolean isMean(Node node) {
    return node.layer() instanceof ChannelPooling pooling && pooling.kind() == Pooling.Kind.AVERAGE;
  }

  /** A gate of channels, as maps, repeated over all positions; returns its vertex. */
  String repeated(Node node, Shape shape, String gate) {
    String vertex = node.name() + ".gate";
    graph.addLayer(
        vertex,
        new Upsampling2D.Builder().size(new int[] {shape.height(), shape.width()}).build(),
        gate);
    return vertex;
  }

  void product(String name, String one, String other) {
    graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Product), one, other);
  }

  /**
   * The maximum over channels: the front half against the back half, which may overlap.
   *
   * <p>Of two maps it is the one plus what the other has more: DL4J's own maximum goes through
   * libnd4j's mergemax, in which {@code skyline verify} once crashed.
   */
  void maximum(String name, String input, int channels) {
    String vertex = input;
    int left = channels;
    int level = 0;
    while (left > 1) {
      int half = (left + 1) / 2;
      String at = name + ".level" + level++;
      graph.addVertex(at + ".front", new SubsetVertex(0, half - 1), vertex);
      graph.addVertex(at + ".back", new SubsetVertex(left - half, left - 1), vertex);
      vertex = half == 1 ? name : at;
      String more = at + ".more";
      graph.addVertex(
          at + ".difference",
          new ElementWiseVertex(ElementWiseVertex.Op.Subtract),
          at + ".front",
          at + ".back");
      layer(more, Activation.RELU, at + ".difference");
      graph.addVertex(vertex, new ElementWiseVertex(ElementWiseVertex.Op.Add), at + ".back", more);
      left = half;
    }
    if (channels == 1) {
      graph.addVertex(name, new SubsetVertex(0, 0), input);
    }
  }

  void activation(String name, Function function, String input) {
    switch (function) {
      case RELU -> layer(name, Activation.RELU, input);
      case RELU6 -> layer(name, Activation.RELU6, input);
      case SIGMOID -> layer(name, Activation.SIGMOID, input);
      case HARD_SIGMOID -> hardSigmoid(name, name, input);
      case SIGN -> {
        graph.addVertex(name + ".far", new ScaleVertex(STEEP), input);
        layer(name, Activation.HARDTANH, name + ".far");
      }
      case ABS -> graph.addLayer(name, new ActivationLayer(MAGNITUDE), input);
      case HARD_SWISH -> {
        hardSigmoid(name + ".gate", name, input);
        product(name, input, name + ".gate");
      }
    }
  }

  /** DL4J's own hard sigmoid has another slope. */
  private void hardSigmoid(String name, String node, String input) {
    graph.addVertex(node + ".shifted", new ShiftVertex(3), input);
    layer(node + ".clipped", Activation.RELU6, node + ".shifted");
    graph.addVertex(name, new ScaleVertex(1.0 / 6), node + ".clipped");
  }

  private void layer(String name, Activation function, String input) {
    graph.addLayer(name, new ActivationLayer(function), input);
  }
}
