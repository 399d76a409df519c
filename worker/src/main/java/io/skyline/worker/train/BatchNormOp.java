package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_backward;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_fuse_norm_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_global_stats;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scaleshift;

import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Node;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/**
 * Batch normalization. A following ReLU is computed in the same pass over memory, a ReLU6 in place.
 */
final class BatchNormOp implements Op {
  private final Graph graph;
  private final Node node;
  private final Tensor input;
  private final Tensor output;
  private final @Nullable Function then;
  private final int flags;
  private final batch_normalization_forward.primitive_desc description;
  private final ParameterSlot scaleAndShift;
  private final memory mean;
  private final memory variance;
  private final @Nullable memory positive;

  BatchNormOp(Graph graph, Node node, Tensor input, @Nullable Function then) {
    this.graph = graph;
    this.node = node;
    this.input = input;
    boolean fused = then == Function.RELU;
    this.then = fused ? null : then;
    output = graph.tensor(input.shape, input.layout, true);
    boolean training = graph.isTraining();
    flags =
        dnnl_use_scaleshift
            | (fused ? dnnl_fuse_norm_relu : 0)
            | (training ? 0 : dnnl_use_global_stats);
    description =
        new batch_normalization_forward.primitive_desc(
            new batch_normalization_forward.desc(
                training ? dnnl_forward_training : dnnl_forward_inference,
                input.format,
                BatchNorm.EPSILON,
                flags),
            OneDnn.ENGINE);
    int channels = input.shape.channels();
    scaleAndShift = graph.parameters().vectors(node, OneDnn.matrix(2, channels), "gamma", "beta");
    mean = graph.allocate(OneDnn.vector(channels));
    variance = graph.allocate(OneDnn.vector(channels));
    positive = fused && training ? graph.allocate(description.workspace_desc()) : null;
    float[] runningMean = graph.parameters().statistic(node, "mean");
    float[] runningVariance = graph.parameters().statistic(node, "variance");
    OneDnn.floats(mean).put(runningMean, 0, channels);
    OneDnn.floats(variance).put(runningVariance, 0, channels);
    graph
        .forwardProgram()
        .add(
            node.name(),
            description,
            new batch_normalization_forward(description),
            arguments().put(DNNL_ARG_DST, output.value));
    if (training) {
      long values = (long) graph.batch() * input.shape.height() * input.shape.width();
      graph
          .forwardProgram()
          .add(
              node.name() + " statistics",
              new RunningStatistics(graph, mean, variance, values, runningMean, runningVariance));
    }
    if (this.then != null) {
      ActivationOp.planForward(
          graph, node.name(), Elementwise.of(this.then), output.format, output.value, output.value);
    }
  }

  /** What forward and backward have in common. */
  private IntMemoryMap arguments() {
    IntMemoryMap arguments =
        new IntMemoryMap()
            .put(DNNL_ARG_SRC, input.value)
            .put(DNNL_ARG_SCALE_SHIFT, scaleAndShift.value)
            .put(DNNL_ARG_MEAN, mean)
            .put(DNNL_ARG_VARIANCE, variance);
    return positive == null ? arguments : arguments.put(DNNL_ARG_WORKSPACE, positive);
  }

  @Override
  public Tensor output() {
    return output;
  }

  @Override
  public void planBackward() {
    ActivationOp.planAbsorbedGradient(graph, node.name(), then, output);
    Buffers.Buffer into = Gradients.overwriting(graph, output);
    var backward =
        new batch_normalization_backward.primitive_desc(
            new batch_normalization_backward.desc(
                dnnl_backward, input.format, input.format, BatchNorm.EPSILON, flags),
            OneDnn.ENGINE,
            description);
    graph
        .backwardProgram()
        .add(
            node.name() + " gradient",
            backward,
            new batch_normalization_backward(backward),
            arguments()
                .put(DNNL_ARG_DIFF_DST, output.gradient().as(output.format))
                .put(DNNL_ARG_DIFF_SRC, into.as(input.format))
                .put(DNNL_ARG_DIFF_SCALE_SHIFT, scaleAndShift.gradient));
    output.gradient().release();
    if (input.needsGradient) {
      Gradients.contribute(graph, input, into);
    } else {
      into.release();
    }
  }
}
