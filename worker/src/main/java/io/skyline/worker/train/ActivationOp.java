package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_clip;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_clip_v2_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_hardswish;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_logistic_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Node;
import java.util.List;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.jspecify.annotations.Nullable;

/**
 * An activation, by itself or taken in by the layer before. All derivatives but those of hard swish
 * and sign follow from the output alone.
 */
final class ActivationOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Function function;
  private final Tensor input;
  private final Tensor output;

  /** One elementwise kernel of oneDNN's with its two arguments. */
  private record Kernel(int algorithm, float alpha, float beta) {
    eltwise_forward.primitive_desc describe(memory.desc format) {
      return new eltwise_forward.primitive_desc(
          new eltwise_forward.desc(dnnl_forward_training, algorithm, format, alpha, beta),
          OneDnn.ENGINE);
    }
  }

  /** Brings all but the least numbers beyond 1, where a clip is a sign. */
  private static final float STEEP = 1e20f;

  private static final Kernel SIGN_CLIP = new Kernel(dnnl_eltwise_clip, -1f, 1f);

  ActivationOp(Graph graph, Node node, Function function, Tensor input) {
    this.graph = graph;
    this.node = node;
    this.function = function;
    this.input = input;
    output = graph.tensor(input.shape, input.layout, input.needsGradient);
    planForward(graph, node.name(), function, input.format, input.value, output.value);
    if (!keepsZero(function) && Padding.exists(output)) {
      graph.forwardProgram().add(node.name() + " padding", new Padding(output));
    }
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
    Tensor known = followsFromOutput(function) ? output : input;
    planGradient(graph, node.name(), function, known, output.gradient(), gradient);
    output.gradient().release();
    Gradients.contribute(graph, input, gradient);
  }

  /**
   * Whether the derivative can be told from the output alone, so that the input need not be kept.
   */
  static boolean followsFromOutput(Function function) {
    return function != Function.HARD_SWISH && function != Function.SIGN;
  }

  /** Whether f(0) = 0, so that the padding of blocked layouts stays zero by itself. */
  static boolean keepsZero(Function function) {
    return switch (function) {
      case RELU, RELU6, HARD_SWISH, SIGN -> true;
      case HARD_SIGMOID, SIGMOID -> false;
    };
  }

  /** What makes a primitive apply the activation to its result; nothing for null. */
  static primitive_attr postOp(@Nullable Function function) {
    primitive_attr attributes = new primitive_attr();
    if (function != null) {
      post_ops after = new post_ops();
      for (Kernel kernel : kernels(function)) {
        after.append_eltwise(1f, kernel.algorithm, kernel.alpha, kernel.beta);
      }
      attributes.set_post_ops(after);
    }
    return attributes;
  }

  /** Plans {@code to = f(from)}; both may be the same memory. */
  static void planForward(
      Graph graph, String name, Function function, memory.desc format, memory from, memory to) {
    memory.desc elements = OneDnn.elementwise(format);
    memory source = from;
    for (Kernel kernel : kernels(function)) {
      eltwise_forward.primitive_desc description = kernel.describe(elements);
      graph
          .forwardProgram()
          .add(
              name + " " + function,
              description,
              new eltwise_forward(description),
              new IntMemoryMap()
                  .put(DNNL_ARG_SRC, OneDnn.view(source, elements))
                  .put(DNNL_ARG_DST, OneDnn.view(to, elements)));
      source = to;
    }
  }

  /**
   * Lets a layer that took an activation in turn the gradient of its output into the gradient
   * before the activation, which replaces it.
   */
  static void planAbsorbedGradient(
      Graph graph, String name, @Nullable Function function, Tensor output) {
    if (function != null) {
      Buffers.Buffer gradient = Gradients.overwriting(graph, output);
      planGradient(graph, name, function, output, output.gradient(), gradient);
      output.gradient().release();
      output.setGradient(gradient);
    }
  }

  private static void planGradient(
      Graph graph,
      String name,
      Function function,
      Tensor known,
      Buffers.Buffer gradient,
      Buffers.Buffer into) {
    memory.desc elements = OneDnn.elementwise(known.format);
    List<Kernel> kernels = differentiated(function);
    Buffers.Buffer source = gradient;
    for (int i = kernels.size() - 1; i >= 0; i--) {
      Kernel kernel = kernels.get(i);
      eltwise_backward.primitive_desc description =
          new eltwise_backward.primitive_desc(
              new eltwise_backward.desc(
                  kernel.algorithm, elements, elements, kernel.alpha, kernel.beta),
              OneDnn.ENGINE,
              kernel.describe(elements));
      graph
          .backwardProgram()
          .add(
              name + " " + function + " gradient",
              description,
              new eltwise_backward(description),
              new IntMemoryMap()
                  // kernels read one of them; a linear one's derivative needs neither
                  .put(DNNL_ARG_SRC, OneDnn.view(known.value, elements))
                  .put(DNNL_ARG_DST, OneDnn.view(known.value, elements))
                  .put(DNNL_ARG_DIFF_DST, source.as(elements))
                  .put(DNNL_ARG_DIFF_SRC, into.as(elements)));
      source = into;
    }
  }

  /** What computes a function, one after the other in place. */
  private static List<Kernel> kernels(Function function) {
    return switch (function) {
      case RELU -> List.of(new Kernel(dnnl_eltwise_relu_use_dst_for_bwd, 0f, 0f));
      case RELU6 -> List.of(clip(6f));
      case HARD_SWISH -> List.of(new Kernel(dnnl_eltwise_hardswish, 0f, 0f));
      case HARD_SIGMOID -> List.of(new Kernel(dnnl_eltwise_linear, 1f / 6, 0.5f), clip(1f));
      case SIGMOID -> List.of(new Kernel(dnnl_eltwise_logistic_use_dst_for_bwd, 0f, 0f));
      case SIGN -> List.of(new Kernel(dnnl_eltwise_linear, STEEP, 0f), SIGN_CLIP);
    };
  }

  /** What gradients pass: that of a sign as if it were a clip, since its own is zero. */
  private static List<Kernel> differentiated(Function function) {
    return function == Function.SIGN ? List.of(SIGN_CLIP) : kernels(function);
  }

  private static Kernel clip(float limit) {
    return new Kernel(dnnl_eltwise_clip_v2_use_dst_for_bwd, 0f, limit);
  }
}
