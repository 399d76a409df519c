package io.skyline.worker.dl4j;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Glimpse;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.architecture.SoftArgmax;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer.PoolingType;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.nd4j.linalg.activations.Activation;

/**
 * Glimpses out of layers that DL4J has.
 *
 * <p>Bilinear sampling is linear in the map: a row of the window is the sum of all rows of the map,
 * each times max(0, 1 - its distance from where the window's row lies), and the same with columns.
 * The distances are a frozen dense layer of the position; the map is repeated for every row of the
 * window, multiplied, and averaged along one axis, then the other.
 */
record GlimpseVertices(ComputationGraphConfiguration.GraphBuilder graph) {
  private static final double CLIP = 6;
  private static final String PLACES = ".places";
  private static final String DOWN = ".down";
  private static final String RIGHT = ".right";
  private static final String MAPS = ".maps";

  /**
   * The numbers of a frozen layer.
   *
   * @param kernel as DL4J's {@code W}, in its order
   * @param bias as DL4J's {@code b}; empty if the layer has none
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
  record Frozen(float[][] kernel, float[] bias) {}

  /** The numbers of all frozen layers, by vertex. */
  static Map<String, Frozen> constants(Architecture architecture) {
    Map<String, Frozen> constants = new LinkedHashMap<>();
    for (Node node : architecture.nodes()) {
      Shape in = architecture.inputShapes(node).get(0);
      if (node.layer() instanceof SoftArgmax argmax) {
        float[][] places = new float[in.height() * in.width()][];
        for (int i = 0; i < places.length; i++) {
          places[i] =
              new float[] {
                (float) argmax.place(i % in.width(), in.width()),
                (float) argmax.place(i / in.width(), in.height())
              };
        }
        constants.put(node.name() + PLACES, new Frozen(places, new float[0]));
      } else if (node.layer() instanceof Glimpse glimpse) {
        int repeated = in.channels() * glimpse.height();
        constants.put(
            node.name() + DOWN, distances(1, in.channels(), glimpse.height(), in.height()));
        constants.put(node.name() + RIGHT, distances(0, 1, glimpse.width(), in.width()));
        // times the extent, because what follows takes a mean where a sum is wanted
        float[][] rows = new float[repeated][in.channels()];
        float[][] columns = new float[repeated][1];
        for (int i = 0; i < repeated; i++) {
          rows[i][i / glimpse.height()] = in.height();
          columns[i][0] = in.width();
        }
        constants.put(node.name() + DOWN + MAPS, new Frozen(rows, new float[0]));
        constants.put(node.name() + RIGHT + MAPS, new Frozen(columns, new float[0]));
      }
    }
    return constants;
  }

  /**
   * From every row of the window to every row of the map, if the position is {@link #CLIP} long.
   */
  private static Frozen distances(int coordinate, int times, int window, int extent) {
    float[][] kernel = new float[2][times * window * extent];
    float[] bias = new float[times * window * extent];
    for (int i = 0; i < bias.length; i++) {
      kernel[coordinate][i] = (float) ((extent - window) / CLIP);
      bias[i] = i / extent % window - i % extent;
    }
    return new Frozen(kernel, bias);
  }

  /** Adds the vertices of a soft-argmax over a flat vector of scores; returns the last. */
  String softArgmax(Node node, Shape in, String scores) {
    String name = node.name();
    int cells = in.height() * in.width();
    graph.addLayer(name + ".weights", new ActivationLayer(Activation.SOFTMAX), scores);
    dense(name + PLACES, cells, 2, false, name + ".weights");
    return name + PLACES;
  }

  /** Adds the vertices of a glimpse at maps and a flat position. */
  void glimpse(Node node, Glimpse glimpse, Shape in, String maps, String position) {
    String name = node.name();
    int channels = in.channels() * glimpse.height();
    graph.addVertex(name + ".long", new ScaleVertex(CLIP), position);
    graph.addLayer(name + ".inside", new ActivationLayer(Activation.RELU6), name + ".long");

    String down = nearness(name + DOWN, channels * in.height(), name + ".inside");
    reshape(down + ".shaped", new Shape(channels, in.height(), 1), down);
    repeat(down + ".wide", 1, in.width(), down + ".shaped");
    pointwise(name + DOWN + MAPS, in.channels(), channels, maps);
    product(name + DOWN + ".product", down + ".wide", name + DOWN + MAPS);
    mean(name + ".rows", in.height(), 1, name + DOWN + ".product");

    String right = nearness(name + RIGHT, glimpse.width() * in.width(), name + ".inside");
    reshape(right + ".shaped", new Shape(1, glimpse.width(), in.width()), right);
    pointwise(name + RIGHT + MAPS, 1, channels, right + ".shaped");
    repeat(name + ".rows.high", glimpse.width(), 1, name + ".rows");
    product(name + RIGHT + ".product", name + ".rows.high", name + RIGHT + MAPS);
    mean(name + ".columns", 1, in.width(), name + RIGHT + ".product");

    graph.addVertex(
        name + ".flat",
        PlainLayers.flattening(new Shape(channels, glimpse.width(), 1)),
        name + ".columns");
    reshape(name, new Shape(in.channels(), glimpse.height(), glimpse.width()), name + ".flat");
  }

  /**
   * max(0, 1 - |distance|). A distance's magnitude is the sum of two ReLUs: the maximum of it and
   * its opposite would go through libnd4j's mergemax, in which {@code skyline verify} once crashed.
   */
  private String nearness(String name, int outputs, String position) {
    dense(name, 2, outputs, true, position);
    graph.addVertex(name + ".back", new ScaleVertex(-1), name);
    relu(name + ".after", name);
    relu(name + ".before", name + ".back");
    graph.addVertex(
        name + ".far",
        new ElementWiseVertex(ElementWiseVertex.Op.Add),
        name + ".after",
        name + ".before");
    graph.addVertex(name + ".less", new ScaleVertex(-1), name + ".far");
    graph.addVertex(name + ".from1", new ShiftVertex(1), name + ".less");
    relu(name + ".near", name + ".from1");
    return name + ".near";
  }

  private void relu(String name, String input) {
    graph.addLayer(name, new ActivationLayer(Activation.RELU), input);
  }

  private void dense(String name, int inputs, int outputs, boolean bias, String input) {
    DenseLayer layer = PlainLayers.dense(new io.skyline.architecture.Dense(outputs, bias), inputs);
    graph.addLayer(name, new FrozenLayerWithBackprop(layer), input);
  }

  private void pointwise(String name, int inputs, int outputs, String input) {
    var layer = Convolutions.ordinary(Convolution.pointwise(outputs), outputs, inputs);
    graph.addLayer(name, new FrozenLayerWithBackprop(layer), input);
  }

  private void reshape(String name, Shape shape, String flat) {
    graph.addVertex(
        name,
        new PreprocessorVertex(
            new FeedForwardToCnnPreProcessor(shape.height(), shape.width(), shape.channels())),
        flat);
  }

  private void repeat(String name, int down, int right, String input) {
    graph.addLayer(name, new Upsampling2D.Builder().size(new int[] {down, right}).build(), input);
  }

  private void product(String name, String one, String other) {
    graph.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Product), one, other);
  }

  private void mean(String name, int rows, int columns, String input) {
    graph.addLayer(
        name,
        new SubsamplingLayer.Builder(PoolingType.AVG)
            .kernelSize(rows, columns)
            .stride(rows, columns)
            .build(),
        input);
  }
}
