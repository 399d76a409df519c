package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_clip_v2_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Node;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.jspecify.annotations.Nullable;

/**
 * ReLU and ReLU6, by themselves or taken in by the layer before. Their derivatives follow from the
 * output alone.
 */
final class ActivationOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Function function;
  private final Tensor input;
  private final Tensor output;

  ActivationOp(Graph graph, Node node, Function function, Tensor input) {
    this.graph = graph;
    this.node = node;
    this.function = function;
    this.input = input;
    output = graph.tensor(input.shape, input.layout, input.needsGradient);
    planForward(graph, node.name(), function, input.format, input.value, output.value);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    if (!input.needsGradient) {
      return;
    }
    Buffers.Buffer gradient = Gradients.overwriting(graph, output);
    planGradient(graph, node.name(), function, output, gradient);
    output.gradient().release();
    Gradients.contribute(graph, input, gradient);
  }

  /** What makes a primitive apply the activation to its result; nothing for null. */
  static primitive_attr postOp(@Nullable Function function) {
    primitive_attr attributes = new primitive_attr();
    if (function != null) {
      post_ops after = new post_ops();
      after.append_eltwise(1f, algorithm(function), 0f, limit(function));
      attributes.set_post_ops(after);
    }
    return attributes;
  }

  /** Plans {@code to = f(from)}; both may be the same memory. */
  static void planForward(
      Graph graph, String name, Function function, memory.desc format, memory from, memory to) {
    memory.desc elements = OneDnn.elementwise(format);
    eltwise_forward.primitive_desc description = describe(function, elements);
    graph
        .forwardProgram()
        .add(
            name + " " + function,
            description,
            new eltwise_forward(description),
            new IntMemoryMap()
                .put(DNNL_ARG_SRC, OneDnn.view(from, elements))
                .put(DNNL_ARG_DST, OneDnn.view(to, elements)));
  }

  /**
   * Lets a layer that took an activation in turn the gradient of its output into the gradient
   * before the activation, which replaces it.
   */
  static void planAbsorbedGradient(
      Graph graph, String name, @Nullable Function function, Tensor output) {
    if (function != null) {
      Buffers.Buffer gradient = Gradients.overwriting(graph, output);
      planGradient(graph, name, function, output, gradient);
      output.gradient().release();
      output.setGradient(gradient);
    }
  }

  private static void planGradient(
      Graph graph, String name, Function function, Tensor output, Buffers.Buffer into) {
    memory.desc elements = OneDnn.elementwise(output.format);
    eltwise_backward.primitive_desc description =
        new eltwise_backward.primitive_desc(
            new eltwise_backward.desc(algorithm(function), elements, elements, 0f, limit(function)),
            OneDnn.ENGINE,
            describe(function, elements));
    graph
        .backwardProgram()
        .add(
            name + " " + function + " gradient",
            description,
            new eltwise_backward(description),
            new IntMemoryMap()
                .put(DNNL_ARG_DST, OneDnn.view(output.value, elements))
                .put(DNNL_ARG_DIFF_DST, output.gradient().as(elements))
                .put(DNNL_ARG_DIFF_SRC, into.as(elements)));
  }

  private static eltwise_forward.primitive_desc describe(Function function, memory.desc format) {
    return new eltwise_forward.primitive_desc(
        new eltwise_forward.desc(
            dnnl_forward_training, algorithm(function), format, 0f, limit(function)),
        OneDnn.ENGINE);
  }

  private static int algorithm(Function function) {
    return switch (function) {
      case RELU -> dnnl_eltwise_relu_use_dst_for_bwd;
      case RELU6 -> dnnl_eltwise_clip_v2_use_dst_for_bwd;
      case HARD_SWISH, HARD_SIGMOID, SIGMOID ->
          throw new UnsupportedOperationException("no kernel yet for " + function);
    };
  }

  /** Upper bound of a clip; for ReLU the second, unused, argument. */
  private static float limit(Function function) {
    return function == Function.RELU6 ? 6f : 0f;
  }
}
