package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;

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

/** An activation or a rounding, by itself or taken in by the layer before. */
final class ActivationOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Elementwise function;
  private final Tensor input;
  private final Tensor output;

  ActivationOp(Graph graph, Node node, Elementwise function, Tensor input) {
    this.graph = graph;
    this.node = node;
    this.function = function;
    this.input = input;
    output = graph.tensor(input.shape, input.layout, input.needsGradient);
    planForward(graph, node.name(), function, input.format, input.value, output.value);
    if (!function.keepsZero() && Padding.exists(output)) {
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
    Tensor known = function.followsFromOutput() ? output : input;
    planGradient(graph, node.name(), function, known, output.gradient(), gradient);
    output.gradient().release();
    Gradients.contribute(graph, input, gradient);
  }

  /** What makes a primitive apply the activation to its result; nothing for null. */
  static primitive_attr postOp(@Nullable Function function) {
    primitive_attr attributes = new primitive_attr();
    if (function != null) {
      post_ops after = new post_ops();
      for (Elementwise.Kernel kernel : Elementwise.of(function).kernels()) {
        after.append_eltwise(1f, kernel.algorithm(), kernel.alpha(), kernel.beta());
      }
      attributes.set_post_ops(after);
    }
    return attributes;
  }

  /** Plans {@code to = f(from)}; both may be the same memory. */
  static void planForward(
      Graph graph, String name, Elementwise function, memory.desc format, memory from, memory to) {
    memory.desc elements = OneDnn.elementwise(format);
    memory source = from;
    for (Elementwise.Kernel kernel : function.kernels()) {
      eltwise_forward.primitive_desc description = kernel.describe(elements);
      graph
          .forwardProgram()
          .add(
              name + " " + function.name(),
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
      planGradient(graph, name, Elementwise.of(function), output, output.gradient(), gradient);
      output.gradient().release();
      output.setGradient(gradient);
    }
  }

  private static void planGradient(
      Graph graph,
      String name,
      Elementwise function,
      Tensor known,
      Buffers.Buffer gradient,
      Buffers.Buffer into) {
    memory.desc elements = OneDnn.elementwise(known.format);
    List<Elementwise.Kernel> kernels = function.differentiated();
    Buffers.Buffer source = gradient;
    for (int i = kernels.size() - 1; i >= 0; i--) {
      Elementwise.Kernel kernel = kernels.get(i);
      eltwise_backward.primitive_desc description =
          new eltwise_backward.primitive_desc(
              new eltwise_backward.desc(
                  kernel.algorithm(), elements, elements, kernel.alpha(), kernel.beta()),
              OneDnn.ENGINE,
              kernel.describe(elements));
      graph
          .backwardProgram()
          .add(
              name + " " + function.name() + " gradient",
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
}
