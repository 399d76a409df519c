package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/**
 * Convolution of every kind, with bias and activation if there are any.
 *
 * <p>Dilated ones are computed in {@link Phases}: the input is cut into them, the output put
 * together; the gradients go the same way, in the same memory.
 *
 * <p>Backward data reads the kernel in another layout than forward, so it is rearranged each step.
 */
final class ConvolutionOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Convolution convolution;
  private final Activation.@Nullable Function then;
  private final ConvolutionKernels kernels;
  private final Phases phases;
  private final Tensor input;
  private final memory source;
  private final Tensor output;
  private final memory target;
  private final ParameterSlot kernel;
  private final @Nullable ParameterSlot bias;

  ConvolutionOp(
      Graph graph,
      Layers layers,
      Node node,
      Convolution convolution,
      Value x,
      Activation.@Nullable Function then) {
    this.graph = graph;
    this.node = node;
    this.convolution = convolution;
    this.then = then;
    kernels = ConvolutionKernels.choose(graph, node, convolution, x, then);
    phases = kernels.phases();
    var choice = kernels.choice();
    int[] order = null;
    if (x instanceof Selection selection
        && convolution.groups() == 1
        && choice.input() == Tensor.Layout.BLOCKED) {
      Selection.Gathered gathered = selection.packed(layers);
      input = layers.blocked(gathered.tensor());
      order = gathered.order();
    } else {
      input = choice.input() == Tensor.Layout.BLOCKED ? layers.blocked(x) : layers.plain(x);
    }
    output = graph.tensor(graph.architecture().shape(node.name()), choice.output(), true);
    if (phases.areTheImage()) {
      source = choice.widening() > 1 ? widened(input, choice.widening()) : input.value;
      target = output.value;
    } else {
      source = graph.allocate(kernels.source());
      target = graph.allocate(kernels.target());
      copyInput(graph.forwardProgram(), input.value, false);
    }
    memory.desc stored = kernels.forward().weights_desc();
    kernel = graph.parameters().kernel(node, kernels.places(order), stored);
    bias =
        convolution.bias()
            ? graph.parameters().vectors(node, OneDnn.vector(convolution.outputs()), "bias")
            : null;
    IntMemoryMap arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, source)
            .put(DNNL_ARG_WEIGHTS, kernel.value)
            .put(DNNL_ARG_DST, target);
    if (bias != null) {
      arguments.put(DNNL_ARG_BIAS, bias.value);
    }
    var description = kernels.forward();
    graph
        .forwardProgram()
        .add(node.name(), description, new convolution_forward(description), arguments);
    if (!phases.areTheImage()) {
      copyOutput(graph.forwardProgram(), output.value, true);
    }
  }

  /** Between the input, or its gradient, and its phases. */
  private void copyInput(Program program, memory image, boolean back) {
    int[] positions = phases.inputPositions();
    copy(program, input, image, new PositionCopy.Images(source, phases.input()), positions, back);
  }

  /** Between the output, or its gradient, and its phases. */
  private void copyOutput(Program program, memory image, boolean back) {
    int[] positions = phases.outputPositions();
    copy(program, output, image, new PositionCopy.Images(target, phases.output()), positions, back);
  }

  private void copy(
      Program program,
      Tensor tensor,
      memory image,
      PositionCopy.Images cut,
      int[] positions,
      boolean back) {
    var whole = new PositionCopy.Images(image, tensor.shape);
    program.add(
        node.name() + " phases",
        back
            ? new PositionCopy(
                graph.batch(), tensor.layout, cut, whole, Phases.inverse(positions, tensor.shape))
            : new PositionCopy(graph.batch(), tensor.layout, whole, cut, positions));
  }

  /** A copy of one-channel images with two channels of zeros, which oneDNN is faster on. */
  private memory widened(Tensor images, int times) {
    int height = images.shape.height();
    int width = images.shape.width();
    long plane = (long) height * width;
    memory wide = graph.allocate(kernels.source());
    OneDnn.floats(wide).zero();
    memory.desc first =
        new memory.desc(
            new long[] {graph.batch(), 1, height, width},
            memory.data_type.f32,
            new long[] {times * plane, plane, width, 1});
    LayoutOp.plan(
        graph.forwardProgram(), node.name() + " widening", images.value, OneDnn.view(wide, first));
    return wide;
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    ActivationOp.planAbsorbedGradient(graph, node.name(), then, output);
    memory gradient = output.gradient().as(output.format);
    if (!phases.areTheImage()) {
      copyOutput(graph.backwardProgram(), gradient, false);
      gradient = target;
    }
    planKernelGradient(gradient);
    var backwardData = kernels.backwardData();
    if (backwardData != null) {
      planInputGradient(backwardData, gradient);
    } else {
      output.gradient().release();
    }
  }

  private void planKernelGradient(memory gradient) {
    var description = kernels.backwardWeights();
    if (description == null) {
      graph
          .backwardProgram()
          .add(
              node.name() + " kernel gradient",
              new DepthwiseKernelGradient(
                  phases.convolution(),
                  tensor(phases.input(), kernels.source(), source),
                  tensor(phases.output(), kernels.target(), target),
                  gradient,
                  kernel.gradient,
                  biasGradient()));
      return;
    }
    IntMemoryMap arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, source)
            .put(DNNL_ARG_DIFF_DST, gradient)
            .put(DNNL_ARG_DIFF_WEIGHTS, kernel.gradient);
    if (bias != null) {
      arguments.put(DNNL_ARG_DIFF_BIAS, bias.gradient);
    }
    graph
        .backwardProgram()
        .add(
            node.name() + " kernel gradient",
            description,
            new convolution_backward_weights(description),
            arguments);
  }

  private static Tensor tensor(Shape shape, memory.desc format, memory values) {
    return new Tensor(shape, Tensor.Layout.BLOCKED, format, values, false);
  }

  private @Nullable memory biasGradient() {
    return bias == null ? null : bias.gradient;
  }

  private void planInputGradient(
      convolution_backward_data.primitive_desc description, memory gradient) {
    memory.desc wanted = description.weights_desc();
    memory weights = kernel.value;
    if (!wanted.equals(kernels.forward().weights_desc())) {
      weights = graph.allocate(wanted);
      LayoutOp.plan(graph.backwardProgram(), node.name() + " kernel layout", kernel.value, weights);
    }
    Buffers.Buffer into = Gradients.fresh(graph, input);
    memory result = into.as(input.format);
    graph
        .backwardProgram()
        .add(
            node.name() + " input gradient",
            description,
            new convolution_backward_data(description),
            new IntMemoryMap()
                .put(DNNL_ARG_DIFF_DST, gradient)
                .put(DNNL_ARG_WEIGHTS, weights)
                .put(DNNL_ARG_DIFF_SRC, phases.areTheImage() ? result : source));
    if (!phases.areTheImage()) {
      copyInput(graph.backwardProgram(), result, true);
    }
    output.gradient().release();
    Gradients.contribute(graph, input, into);
  }
}
