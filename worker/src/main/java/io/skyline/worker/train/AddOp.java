package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_0;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC_1;
import static org.bytedeco.dnnl.global.dnnl.dnnl_binary_add;

import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Node;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/** The sum of two tensors of one layout, with the activation after it; both share the gradient. */
final class AddOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Tensor left;
  private final Tensor right;
  private final @Nullable Function then;
  private final Tensor output;

  AddOp(Graph graph, Node node, Tensor left, Tensor right, @Nullable Function then) {
    this.graph = graph;
    this.node = node;
    this.left = left;
    this.right = right;
    this.then = then;
    output = graph.tensor(left.shape, left.layout, left.needsGradient || right.needsGradient);
    memory.desc elements = OneDnn.elementwise(output.format);
    binary.primitive_desc description =
        new binary.primitive_desc(
            new binary.desc(dnnl_binary_add, elements, elements, elements),
            ActivationOp.postOp(then),
            OneDnn.ENGINE);
    graph
        .forwardProgram()
        .add(
            node.name(),
            description,
            new binary(description),
            new IntMemoryMap()
                .put(DNNL_ARG_SRC_0, OneDnn.view(left.value, elements))
                .put(DNNL_ARG_SRC_1, OneDnn.view(right.value, elements))
                .put(DNNL_ARG_DST, OneDnn.view(output.value, elements)));
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    if (!output.needsGradient) {
      return;
    }
    ActivationOp.planAbsorbedGradient(graph, node.name(), then, output);
    Buffers.Buffer gradient = output.gradient();
    for (Tensor input : new Tensor[] {left, right}) {
      if (input.needsGradient) {
        Gradients.contribute(graph, input, gradient.retain());
      }
    }
    gradient.release();
  }
}
