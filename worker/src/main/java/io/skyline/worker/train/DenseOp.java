package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_BIAS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WEIGHTS;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Node;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.inner_product_backward_data;
import org.bytedeco.dnnl.inner_product_backward_weights;
import org.bytedeco.dnnl.inner_product_forward;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/** A fully connected layer with the activation after it, in row-major order throughout. */
final class DenseOp implements Op {
  private final Graph graph;
  private final Node node;
  private final @Nullable Function then;
  private final Tensor input;
  private final Tensor output;
  private final memory.desc sourceDesc;
  private final memory.desc targetDesc;
  private final memory.desc kernelDesc;
  private final memory.desc biasDesc;
  private final memory source;
  private final inner_product_forward.primitive_desc description;
  private final ParameterSlot kernel;
  private final @Nullable ParameterSlot bias;

  DenseOp(Graph graph, Node node, Dense dense, Tensor input, @Nullable Function then) {
    this.graph = graph;
    this.node = node;
    this.then = then;
    this.input = input;
    int inputs = input.shape.channels();
    output = graph.tensor(graph.architecture().shape(node.name()), Tensor.Layout.PLAIN, true);
    sourceDesc = OneDnn.matrix(graph.batch(), inputs);
    targetDesc = OneDnn.matrix(graph.batch(), dense.outputs());
    kernelDesc = OneDnn.matrix(dense.outputs(), inputs);
    biasDesc = dense.bias() ? OneDnn.vector(dense.outputs()) : new memory.desc();
    source = OneDnn.view(input.value, sourceDesc);
    kernel = graph.parameters().kernel(node, KernelPlaces.same(kernelDesc), kernelDesc);
    bias = dense.bias() ? graph.parameters().vectors(node, biasDesc, "bias") : null;
    description =
        new inner_product_forward.primitive_desc(
            new inner_product_forward.desc(
                graph.isTraining() ? dnnl_forward_training : dnnl_forward_inference,
                sourceDesc,
                kernelDesc,
                biasDesc,
                targetDesc),
            ActivationOp.postOp(then),
            OneDnn.ENGINE);
    IntMemoryMap arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, source)
            .put(DNNL_ARG_WEIGHTS, kernel.value)
            .put(DNNL_ARG_DST, OneDnn.view(output.value, targetDesc));
    if (bias != null) {
      arguments.put(DNNL_ARG_BIAS, bias.value);
    }
    graph
        .forwardProgram()
        .add(node.name(), description, new inner_product_forward(description), arguments);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    ActivationOp.planAbsorbedGradient(graph, node.name(), then, output);
    memory gradient = output.gradient().as(targetDesc);
    planKernelGradient(gradient);
    if (input.needsGradient) {
      planInputGradient(gradient);
    } else {
      output.gradient().release();
    }
  }

  private void planKernelGradient(memory gradient) {
    var weights =
        new inner_product_backward_weights.primitive_desc(
            new inner_product_backward_weights.desc(sourceDesc, kernelDesc, biasDesc, targetDesc),
            OneDnn.ENGINE,
            description);
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
            weights,
            new inner_product_backward_weights(weights),
            arguments);
  }

  private void planInputGradient(memory gradient) {
    var data =
        new inner_product_backward_data.primitive_desc(
            new inner_product_backward_data.desc(sourceDesc, kernelDesc, targetDesc),
            OneDnn.ENGINE,
            description);
    Buffers.Buffer into = Gradients.fresh(graph, input);
    graph
        .backwardProgram()
        .add(
            node.name() + " input gradient",
            data,
            new inner_product_backward_data(data),
            new IntMemoryMap()
                .put(DNNL_ARG_DIFF_DST, gradient)
                .put(DNNL_ARG_WEIGHTS, kernel.value)
                .put(DNNL_ARG_DIFF_SRC, into.as(sourceDesc)));
    output.gradient().release();
    Gradients.contribute(graph, input, into);
  }
}
