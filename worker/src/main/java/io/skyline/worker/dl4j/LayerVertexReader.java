package io.skyline.worker.dl4j;

import io.skyline.architecture.Activation;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.worker.dl4j.Reading.Affine;
import io.skyline.worker.dl4j.Reading.Clipped;
import io.skyline.worker.dl4j.Reading.Group;
import io.skyline.worker.dl4j.Reading.Part;
import io.skyline.worker.dl4j.Reading.Raw;
import io.skyline.worker.dl4j.Reading.Ready;
import io.skyline.worker.dl4j.Reading.Repeated;
import io.skyline.worker.network.Normalization;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.Pooling2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Reads the vertices that are layers, the normalisation in front and the outputs included. */
final class LayerVertexReader {
  private static final IActivation SOFTMAX =
      org.nd4j.linalg.activations.Activation.SOFTMAX.getActivationFunction();
  private static final IActivation IDENTITY =
      org.nd4j.linalg.activations.Activation.IDENTITY.getActivationFunction();
  private static final IActivation RELU6 =
      org.nd4j.linalg.activations.Activation.RELU6.getActivationFunction();
  private static final IActivation HARD_TANH =
      org.nd4j.linalg.activations.Activation.HARDTANH.getActivationFunction();

  private final ComputationGraph graph;
  private final NetworkDraft draft;
  private final VertexReader vertices;
  private final Map<String, String> scores = new HashMap<>();
  private @Nullable Normalization normalization;
  private Normalization.@Nullable Target target;

  LayerVertexReader(ComputationGraph graph, NetworkDraft draft, VertexReader vertices) {
    this.graph = graph;
    this.draft = draft;
    this.vertices = vertices;
  }

  /** The node whose scores an output of the graph tells. */
  String scores(String output) {
    String node = scores.get(output);
    if (node == null) {
      throw new UnreadableZipException(
          "the output '"
              + output
              + "' is no OutputLayer or LossLayer of class probabilities or of a number");
    }
    return node;
  }

  /** The graph's own normalisation of raw values, if it has one. */
  Optional<Normalization> normalization() {
    return Optional.ofNullable(normalization);
  }

  /** How the number that the graph predicts is scaled, if it predicts one. */
  Optional<Normalization.Target> target() {
    return Optional.ofNullable(target);
  }

  Reading read(String name, LayerVertex vertex, Reading input) {
    LayerReader reader = new LayerReader(name, graph.getLayer(name).paramTable(false));
    Layer layer = vertex.getLayerConf().getLayer();
    if (layer instanceof FrozenLayer frozen) {
      Layer inner = frozen.getLayer();
      if (input instanceof Raw && inner instanceof BatchNormalization batchNorm) {
        normalization = reader.normalization(batchNorm);
        return new Ready(io.skyline.architecture.Architecture.INPUT);
      }
      return read(name, inner, input, reader);
    }
    if (layer instanceof FrozenLayerWithBackprop frozen) {
      Layer inner = frozen.getUnderlying();
      Optional<Reading> fixed =
          inner instanceof ConvolutionLayer convolution
              ? fixed(name, convolution, input, reader)
              : Optional.empty();
      return fixed.orElseGet(() -> read(name, inner, input, reader));
    }
    return read(name, layer, input, reader);
  }

  private Reading read(String name, Layer layer, Reading input, LayerReader reader) {
    if (LayerReader.isConvolution(layer) && layer instanceof ConvolutionLayer convolution) {
      return convolved(name, convolution, input, reader);
    }
    if (layer.getClass() == DenseLayer.class && layer instanceof DenseLayer dense) {
      if (dense.isHasLayerNorm()) {
        throw reader.refuse("has a layer normalization, which Skyline does not know");
      }
      String scores = dense(name, dense.getNOut(), dense.isHasBias(), input, reader);
      return activated(name, dense.getActivationFn(), scores, reader);
    }
    if (layer.getClass() == OutputLayer.class && layer instanceof OutputLayer output) {
      String node = dense(name, output.getNOut(), output.isHasBias(), input, reader);
      return ended(name, output.getActivationFn(), output.getLossFn(), new Ready(node), reader);
    }
    if (layer.getClass() == LossLayer.class && layer instanceof LossLayer loss) {
      return ended(name, loss.getActivationFn(), loss.getLossFn(), input, reader);
    }
    if (layer instanceof BatchNormalization batchNorm) {
      return normed(name, batchNorm, input, reader);
    }
    return withoutParameters(name, layer, input, reader);
  }

  private Reading withoutParameters(String name, Layer layer, Reading input, LayerReader reader) {
    if (layer.getClass() == SubsamplingLayer.class || layer.getClass() == Pooling2D.class) {
      String node = vertices.node(name, input);
      Pooling pooling = reader.pooling((SubsamplingLayer) layer, draft.shape(node));
      return new Ready(draft.add(name, pooling, List.of(node)));
    }
    if (layer instanceof ActivationLayer activation) {
      if (input instanceof Affine affine) {
        return clipped(name, activation.getActivationFn(), affine, reader);
      }
      return activated(name, activation.getActivationFn(), vertices.node(name, input), reader);
    }
    if (layer instanceof DropoutLayer) {
      return input; // in inference it passes everything on
    }
    if (layer instanceof GlobalPoolingLayer pool) {
      return pooled(name, pool, input, reader);
    }
    if (layer instanceof Upsampling2D) {
      String gate = vertices.node(name, input);
      if (draft.shape(gate).isFlat()) {
        return new Repeated(gate);
      }
    }
    throw reader.unknown(layer);
  }

  /** The sigmoids and signs that {@link ChannelVertices#activation} puts together. */
  private Reading clipped(String name, IActivation function, Affine input, LayerReader reader) {
    if (function.equals(RELU6) && input.scale() == 1 && input.shift() == 3) {
      return new Clipped(input.of());
    }
    if (function.equals(HARD_TANH) && input.scale() >= ChannelVertices.STEEP) {
      Activation sign = new Activation(Activation.Function.SIGN);
      return new Ready(draft.add(name, sign, List.of(input.of())));
    }
    throw reader.refuse("has the activation " + function + " over a scaled and shifted value");
  }

  private Reading convolved(
      String name, ConvolutionLayer layer, Reading input, LayerReader reader) {
    float[] kernel = reader.kernel(layer);
    float[] bias = reader.bias(layer.hasBias());
    if (input instanceof Part part && layer.getActivationFn().equals(IDENTITY)) {
      Shape whole = draft.shape(part.of());
      Shape in = new Shape(part.to() - part.from(), whole.height(), whole.width());
      return new Group(part, name, reader.convolution(layer, in), kernel, bias);
    }
    String node = vertices.node(name, input);
    Convolution convolution = reader.convolution(layer, draft.shape(node));
    String made = draft.add(name, convolution, List.of(node), kernel, bias);
    return activated(name, layer.getActivationFn(), made, reader);
  }

  private String dense(String name, long outputs, boolean bias, Reading input, LayerReader reader) {
    Dense dense = new Dense(Math.toIntExact(outputs), bias);
    String node = vertices.flat(name, input);
    return draft.add(name, dense, List.of(node), reader.denseKernel(), reader.bias(bias));
  }

  private Reading activated(String name, IActivation function, String node, LayerReader reader) {
    Optional<Activation> activation = reader.activation(function);
    return new Ready(
        activation.isEmpty()
            ? node
            : draft.add(activatedName(name, node), activation.get(), List.of(node)));
  }

  /** A layer's own activation becomes a node behind it; an activation layer keeps its name. */
  private static String activatedName(String name, String node) {
    return node.equals(name) ? name + "_activation" : name;
  }

  private Reading normed(String name, BatchNormalization layer, Reading input, LayerReader reader) {
    float[][] statistics = reader.statistics(layer);
    boolean features =
        input instanceof Raw
            && statistics[0].length != draft.shape(vertices.node(name, input)).channels();
    String node = features ? vertices.flat(name, input) : vertices.node(name, input);
    return new Ready(draft.add(name, new BatchNorm(), List.of(node), statistics));
  }

  private Reading pooled(String name, GlobalPoolingLayer layer, Reading input, LayerReader reader) {
    String node = vertices.node(name, input);
    Shape shape = draft.shape(node);
    switch (layer.getPoolingType()) {
      case AVG:
        return new Ready(draft.add(name, new GlobalAveragePool(), List.of(node)));
      case MAX:
        if (shape.height() == shape.width()) {
          Pooling whole = new Pooling(Pooling.Kind.MAX, shape.height(), 1, 0);
          return new Ready(draft.add(name, whole, List.of(node)));
        }
        throw reader.refuse("takes the maximum of a whole map that is not square");
      default:
        throw reader.refuse("pools by " + layer.getPoolingType() + ", not MAX or AVG");
    }
  }

  private Reading ended(
      String name, IActivation function, ILossFunction loss, Reading input, LayerReader reader) {
    if (function.equals(SOFTMAX) && loss instanceof LossMCXENT) {
      scores.put(name, vertices.node(name, input));
      return input;
    }
    if (function.equals(IDENTITY) && loss instanceof LossMSE) {
      Affine scaled =
          input instanceof Affine affine ? affine : new Affine(vertices.node(name, input), 1, 0);
      target = new Normalization.Target((float) scaled.shift(), (float) scaled.scale());
      scores.put(name, scaled.of());
      return input;
    }
    throw reader.refuse(
        "ends the network with "
            + function
            + " and "
            + loss.getClass().getSimpleName()
            + "; Skyline knows softmax with cross-entropy, and identity with MSE");
  }

  /** What {@link ChannelVertices} writes as a frozen 1x1 convolution; empty if it is another. */
  private Optional<Reading> fixed(
      String name, ConvolutionLayer layer, Reading input, LayerReader reader) {
    String node = vertices.node(name, input);
    Shape shape = draft.shape(node);
    Convolution convolution = reader.convolution(layer, shape);
    if (!convolution.equals(Convolution.pointwise(convolution.outputs()))) {
      return Optional.empty();
    }
    FixedKernel kernel = new FixedKernel(reader.kernel(layer), shape.channels());
    if (kernel.isOnes() && shape.channels() == 1 && convolution.outputs() > 1) {
      return Optional.of(new Repeated(node));
    }
    if (kernel.isMean()) {
      ChannelPooling mean = new ChannelPooling(Pooling.Kind.AVERAGE);
      return Optional.of(new Ready(draft.add(name, mean, List.of(node))));
    }
    return kernel
        .moved()
        .map(
            channels ->
                new Ready(
                    draft.add(
                        name,
                        FixedKernel.shuffle(channels, shape.channels())
                            .<io.skyline.architecture.Layer>map(Shuffle::new)
                            .orElse(new Select(channels)),
                        List.of(node))));
  }
}
