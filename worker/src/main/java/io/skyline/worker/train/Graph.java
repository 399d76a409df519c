package io.skyline.worker.train;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * A network laid out in native memory for one batch size: planned once, run for every batch.
 *
 * <p>A graph belongs to the thread that made it. All its native memory is freed by {@link #close}.
 */
final class Graph implements AutoCloseable {
  private final PointerScope scope;
  private final Architecture architecture;
  private final int batch;
  private final boolean training;
  private final long seed;
  private final long firstStep;
  private final Parameters parameters;
  private final Program forward = new Program();
  private final Program backward = new Program();
  private final Arena arena = new Arena();
  private final Buffers buffers = new Buffers(arena);
  private final Tensor input;
  private final List<Tensor> logits;
  private final FloatPointer inputValues;
  private final List<FloatPointer> logitValues;
  private final List<FloatPointer> logitGradients;
  private float momentum = RunningStatistics.MOMENTUM;

  /**
   * @param network architecture and weights, which are copied
   * @param batch examples a run
   * @param training whether gradients are computed and normalizations use the batch's statistics
   * @throws UnsupportedOperationException naming a layer that oneDNN has no fast code for
   */
  Graph(Network network, int batch, boolean training) {
    this(network, batch, training, 0);
  }

  /**
   * @param seed of what training drops at random
   */
  Graph(Network network, int batch, boolean training, long seed) {
    this(network, batch, training, seed, 0);
  }

  /**
   * @param firstStep that it runs, from 0: a training may go on
   */
  Graph(Network network, int batch, boolean training, long seed, long firstStep) {
    this(network, batch, training, seed, firstStep, false);
  }

  /** A graph that gives the gradient of its input, too: of whole batches of examples. */
  static Graph withInputGradient(Network network, int batch) {
    return new Graph(network, batch, true, 0, 0, true);
  }

  private Graph(
      Network network,
      int batch,
      boolean training,
      long seed,
      long firstStep,
      boolean inputGradient) {
    OneDnn.start();
    this.scope = new PointerScope();
    try {
      this.architecture = network.architecture();
      this.batch = batch;
      this.training = training;
      this.seed = seed;
      this.firstStep = firstStep;
      this.parameters = new Parameters(network.weights(), arena);
      Shape shape = architecture.input();
      memory.desc format = OneDnn.plain(batch, shape);
      this.input =
          new Tensor(shape, Tensor.Layout.PLAIN, format, arena.allocate(format), inputGradient);
      this.inputValues = OneDnn.floats(input.value);
      List<Op> ops = new ArrayList<>();
      this.logits = planForward(ops);
      this.logitValues = logits.stream().map(output -> OneDnn.floats(output.value)).toList();
      this.logitGradients = training ? planBackward(ops) : List.of();
    } catch (RuntimeException | Error e) {
      scope.close();
      throw e;
    }
  }

  /** Plans all layers; gives the outputs of the exits and of the last layer. */
  private List<Tensor> planForward(List<Op> ops) {
    Map<String, Value> values = new HashMap<>();
    values.put(Architecture.INPUT, input);
    Layers layers = new Layers(this, ops);
    for (Node node : architecture.nodes()) {
      if (values.containsKey(node.name())) {
        continue; // an activation that the layer before it took in
      }
      List<Value> inputs = node.inputs().stream().map(values::get).toList();
      Node absorbed = absorbed(node);
      Value output = layers.add(node, inputs, functionOf(absorbed));
      values.put(node.name(), output);
      if (absorbed != null) {
        values.put(absorbed.name(), output);
      }
    }
    return architecture.outputs().stream()
        .map(output -> layers.plain(Objects.requireNonNull(values.get(output))))
        .toList();
  }

  /** The activation that is all that reads a node and can be computed along with it, or null. */
  private @Nullable Node absorbed(Node node) {
    List<Node> readers =
        architecture.nodes().stream().filter(n -> n.inputs().contains(node.name())).toList();
    return readers.size() == 1
            && readers.get(0).layer() instanceof Activation activation
            && Layers.absorbs(node.layer(), activation.function())
        ? readers.get(0)
        : null;
  }

  private static Activation.@Nullable Function functionOf(@Nullable Node node) {
    return node != null && node.layer() instanceof Activation a ? a.function() : null;
  }

  private List<FloatPointer> planBackward(List<Op> ops) {
    if (logits.stream().noneMatch(Tensor::needsGradient)) {
      return List.of();
    }
    List<FloatPointer> gradients = new ArrayList<>();
    for (Tensor output : logits) {
      Buffers.Buffer buffer = buffers.take(output.format);
      output.setGradient(buffer);
      gradients.add(OneDnn.floats(buffer.as(output.format)));
    }
    for (int i = ops.size() - 1; i >= 0; i--) {
      Tensor output = ops.get(i).output();
      if (output.hasGradient() || !output.needsGradient) {
        ops.get(i).planBackward();
      } // else no channel of it is ever selected
    }
    return gradients;
  }

  /** How many logits a run gives: outputs x batch x classes, where exits come before the end. */
  int logits() {
    return logits.size() * batch * architecture.classes();
  }

  /** Runs the forward pass and returns all {@link #logits} in {@code into}. */
  void forward(float[] images, float[] into) {
    inputValues.put(images, 0, images.length);
    forward.run();
    int length = batch * architecture.classes();
    for (int i = 0; i < logitValues.size(); i++) {
      logitValues.get(i).get(into, i * length, length);
    }
  }

  /** How much running statistics follow each batch from now on: its share of them, in (0, 1]. */
  void statisticsFollow(float share) {
    momentum = share;
  }

  /** The weight of the newest batch in running statistics. */
  float momentum() {
    return momentum;
  }

  /** Runs the backward pass of the last forward pass. */
  void backward(float[] gradientOfLogits) {
    if (logitGradients.isEmpty()) {
      throw new IllegalStateException("a graph for inference, or without parameters");
    }
    int length = batch * architecture.classes();
    for (int i = 0; i < logitGradients.size(); i++) {
      logitGradients.get(i).put(gradientOfLogits, i * length, length);
    }
    backward.run();
  }

  /** The gradient of the input after a backward pass; zeros if the network does not look at it. */
  float[] inputGradient() {
    float[] gradient = new float[OneDnn.length(input.format)];
    if (input.hasGradient()) {
      OneDnn.floats(input.gradient().as(input.format)).get(gradient);
    }
    return gradient;
  }

  int batch() {
    return batch;
  }

  boolean isTraining() {
    return training;
  }

  /** Of what training drops at random. */
  long seed() {
    return seed;
  }

  /** The training's step that its first run is. */
  long firstStep() {
    return firstStep;
  }

  Architecture architecture() {
    return architecture;
  }

  Parameters parameters() {
    return parameters;
  }

  /** Current weights and running statistics in plain order. */
  Weights weights() {
    return parameters.weights();
  }

  Program forwardProgram() {
    return forward;
  }

  Program backwardProgram() {
    return backward;
  }

  Buffers buffers() {
    return buffers;
  }

  /** Memory that lives as long as the graph. */
  memory allocate(memory.desc format) {
    return arena.allocate(format);
  }

  /** A new activation; the gradient is needed in training only. */
  Tensor tensor(Shape shape, Tensor.Layout layout, boolean needsGradient) {
    memory.desc format =
        layout == Tensor.Layout.BLOCKED ? OneDnn.blocked(batch, shape) : OneDnn.plain(batch, shape);
    return new Tensor(shape, layout, format, arena.allocate(format), training && needsGradient);
  }

  @Override
  public void close() {
    scope.close();
  }
}
