package io.skyline.worker.dl4j;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.architecture.SoftArgmax;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/**
 * Writes an architecture down as a DL4J configuration: one vertex a node, under the node's name, a
 * softmax with cross-entropy or a squared error at the end, softmaxes at exits before it, and
 * reshapes where DL4J tells flat vectors from maps of one pixel.
 */
final class GraphBuilder {
  /** Ends the name of the vertex that gives the probabilities of an exit. */
  private static final String SOFTMAX = ".softmax";

  /** The vertex that gives the class probabilities. */
  static final String PROBABILITIES = "probabilities" + SOFTMAX;

  /** The vertex that gives the predicted number. */
  static final String PREDICTION = "prediction.identity";

  private static final String SPREAD = "prediction.spread";
  private static final String SHIFTED = "prediction.shifted";

  /** The frozen vertex that normalises raw values. */
  static final String NORMALIZED = "image.normalized";

  /** Of every batch normalization. */
  static final double EPSILON = 1e-5;

  /** Share of the running statistics that a batch leaves as it is. */
  static final double STATISTICS_DECAY = 0.9;

  private static final String FLAT = ".flat";
  private static final String MAPS = ".maps";

  private final Architecture architecture;
  private final ComputationGraphConfiguration.GraphBuilder graph;
  private final ChannelVertices channels;

  /** For each node read so far, the vertex that gives it as maps and as a flat vector. */
  private final Map<String, String> maps = new HashMap<>();

  private final Map<String, String> flats = new HashMap<>();

  private GraphBuilder(Architecture architecture, GraphSettings settings) {
    this.architecture = architecture;
    NeuralNetConfiguration.Builder net =
        new NeuralNetConfiguration.Builder()
            .seed(0)
            .dataType(settings.type())
            .weightInit(WeightInit.ZERO)
            .updater(settings.updater());
    if (settings.decoupledDecay()) {
      net.weightDecay(settings.weightDecay(), true);
    } else {
      net.l2(settings.weightDecay());
    }
    this.graph =
        net.convolutionMode(ConvolutionMode.Truncate).graphBuilder().addInputs(Architecture.INPUT);
    this.channels = new ChannelVertices(graph);
  }

  static ComputationGraphConfiguration configuration(
      Architecture architecture, GraphSettings settings) {
    return new GraphBuilder(architecture, settings).build(settings);
  }

  private ComputationGraphConfiguration build(GraphSettings settings) {
    boolean normalized = settings.normalization() != null;
    maps.put(Architecture.INPUT, normalized ? NORMALIZED : Architecture.INPUT);
    if (normalized) {
      BatchNormalization frozen = PlainLayers.normalization(architecture.input().channels());
      graph.addLayer(NORMALIZED, new FrozenLayer(frozen), Architecture.INPUT);
    }
    for (Node node : architecture.nodes()) {
      add(node);
    }
    String output = flat(architecture.output().name());
    if (settings.target() == null) {
      List<String> outputs = new ArrayList<>();
      for (String exit : architecture.exits()) {
        outputs.add(exit + SOFTMAX);
        LossMCXENT loss = PlainLayers.crossEntropy(architecture.classes(), settings.exitWeight());
        graph.addLayer(exit + SOFTMAX, PlainLayers.probabilities(loss), flat(exit));
      }
      outputs.add(PROBABILITIES);
      graph.addLayer(PROBABILITIES, PlainLayers.probabilities(new LossMCXENT()), output);
      return graph.setOutputs(outputs.toArray(String[]::new)).build();
    }
    if (settings.normalization() != null) {
      graph.addVertex(SPREAD, new ScaleVertex(settings.target().deviation()), output);
      graph.addVertex(SHIFTED, new ShiftVertex(settings.target().mean()), SPREAD);
      output = SHIFTED;
    }
    graph.addLayer(PREDICTION, PlainLayers.number(), output);
    return graph.setOutputs(PREDICTION).build();
  }

  private void add(Node node) {
    String name = node.name();
    String input = node.inputs().get(0);
    Shape in = architecture.shape(input);
    Layer layer = node.layer();
    if (layer instanceof Convolution conv) {
      convolve(name, conv, maps(input), in);
    } else if (layer instanceof LearnedGroupConvolution learned) {
      convolve(name, learned.uncondensed(), maps(input), in);
    } else if (layer instanceof Pooling pooling) {
      graph.addLayer(name, PlainLayers.pooling(pooling), maps(input));
      maps.put(name, name);
    } else if (layer instanceof GlobalAveragePool) {
      graph.addLayer(name, new GlobalPoolingLayer(PoolingType.AVG), maps(input));
      flats.put(name, name);
    } else if (layer instanceof Dense dense) {
      graph.addLayer(name, PlainLayers.dense(dense, in.channels()), flat(input));
      flats.put(name, name);
    } else if (layer instanceof Flatten) {
      graph.addVertex(name, PlainLayers.flattening(in), maps(input));
      flats.put(name, name);
    } else if (layer instanceof BatchNorm) {
      graph.addLayer(name, PlainLayers.normalization(in.channels()), any(input));
      sameRank(name, input);
    } else if (layer instanceof Activation activation) {
      channels.activation(name, activation.function(), any(input));
      sameRank(name, input);
    } else if (layer instanceof Add) {
      String other = node.inputs().get(1);
      boolean flat = flats.containsKey(input);
      graph.addVertex(
          name,
          new ElementWiseVertex(ElementWiseVertex.Op.Add),
          flat ? flat(input) : maps(input),
          flat ? flat(other) : maps(other));
      sameRank(name, input);
    } else {
      addWithoutWeights(node, in);
    }
  }

  /** Layers that join, move, weigh, reduce or drop channels. */
  private void addWithoutWeights(Node node, Shape in) {
    String name = node.name();
    String input = node.inputs().get(0);
    Layer layer = node.layer();
    if (layer instanceof Concat) {
      boolean flat = node.inputs().stream().allMatch(flats::containsKey);
      graph.addVertex(
          name,
          new MergeVertex(),
          node.inputs().stream().map(n -> flat ? flat(n) : maps(n)).toArray(String[]::new));
      (flat ? flats : maps).put(name, name);
    } else if (layer instanceof Slice slice) {
      graph.addVertex(name, new SubsetVertex(slice.from(), slice.to() - 1), any(input));
      sameRank(name, input);
    } else if (layer instanceof Shuffle) {
      maps.put(name, channels.fixed(node, in.channels(), in.channels(), maps(input)));
    } else if (layer instanceof Select select) {
      maps.put(name, channels.fixed(node, in.channels(), select.channels().size(), maps(input)));
    } else if (layer instanceof SoftArgmax) {
      flats.put(name, new GlimpseVertices(graph).softArgmax(node, in, flat(input)));
    } else if (layer instanceof Glimpse glimpse) {
      String position = flat(node.inputs().get(1));
      new GlimpseVertices(graph).glimpse(node, glimpse, in, maps(input), position);
      maps.put(name, name);
    } else if (layer instanceof Multiply) {
      multiply(node, in, node.inputs().get(1));
    } else if (layer instanceof ChannelPooling pooling && pooling.kind() == Pooling.Kind.MAX) {
      channels.maximum(name, maps(input), in.channels());
      maps.put(name, name);
    } else if (layer instanceof ChannelPooling) {
      maps.put(name, channels.fixed(node, in.channels(), 1, maps(input)));
    } else if (layer instanceof Dropout dropout && dropout.rate() > 0) {
      graph.addLayer(name, new DropoutLayer.Builder(1 - dropout.rate()).build(), any(input));
      sameRank(name, input);
    } else {
      // a path that is never dropped: DL4J has no stochastic depth, and inference needs none
      (flats.containsKey(input) ? flats : maps).put(name, any(input));
    }
  }

  private void multiply(Node node, Shape in, String gate) {
    String name = node.name();
    String input = node.inputs().get(0);
    if (in.isFlat() && Multiply.gatesChannels(in, architecture.shape(gate))) {
      channels.product(name, flat(input), flat(gate));
      flats.put(name, name);
      return;
    }
    String whole =
        Multiply.gatesChannels(in, architecture.shape(gate))
            ? channels.repeated(node, in, maps(gate))
            : channels.fixed(node, 1, in.channels(), maps(gate));
    channels.product(name, maps(input), whole);
    maps.put(name, name);
  }

  private void convolve(String name, Convolution conv, String input, Shape in) {
    int perGroup = in.channels() / conv.groups();
    if (conv.groups() == 1) {
      graph.addLayer(name, Convolutions.ordinary(conv, conv.outputs(), in.channels()), input);
    } else if (Convolutions.isDepthwise(conv, in.channels())) {
      graph.addLayer(name, Convolutions.depthwise(conv, in.channels()), input);
    } else {
      List<String> parts = new ArrayList<>();
      for (int g = 0; g < conv.groups(); g++) {
        String slice = name + ".slice" + g;
        graph.addVertex(slice, new SubsetVertex(g * perGroup, (g + 1) * perGroup - 1), input);
        parts.add(group(name, g));
        graph.addLayer(
            group(name, g),
            Convolutions.ordinary(conv, conv.outputs() / conv.groups(), perGroup),
            slice);
      }
      graph.addVertex(name, new MergeVertex(), parts.toArray(String[]::new));
    }
    maps.put(name, name);
  }

  /** The vertex of one group of a grouped convolution, for which DL4J has no layer. */
  static String group(String name, int group) {
    return name + ".group" + group;
  }

  private void sameRank(String name, String input) {
    (flats.containsKey(input) ? flats : maps).put(name, name);
  }

  private String any(String node) {
    return flats.containsKey(node) ? flat(node) : maps(node);
  }

  private String flat(String node) {
    return flats.computeIfAbsent(
        node,
        key -> {
          graph.addVertex(key + FLAT, PlainLayers.flattening(architecture.shape(key)), maps(key));
          return key + FLAT;
        });
  }

  private String maps(String node) {
    return maps.computeIfAbsent(
        node,
        key -> {
          Shape shape = architecture.shape(key);
          PreprocessorVertex reshape =
              new PreprocessorVertex(
                  new FeedForwardToCnnPreProcessor(
                      shape.height(), shape.width(), shape.channels()));
          graph.addVertex(key + MAPS, reshape, flat(key));
          return key + MAPS;
        });
  }
}
