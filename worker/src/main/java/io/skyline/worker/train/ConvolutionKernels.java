package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.memory;
import org.jspecify.annotations.Nullable;

/** The oneDNN kernels of one convolution, in the best layout that has no reference code. */
final class ConvolutionKernels {
  /**
   * A way to lay out input and output.
   *
   * @param widening how many times as many input channels the kernels see as the layer has; the
   *     further ones are zero
   * @param merging how many neighbouring groups are computed as one, with zeros between them
   */
  record Choice(Tensor.Layout input, Tensor.Layout output, int widening, int merging) {}

  private final Choice choice;
  private final Phases phases;
  private final memory.desc source;
  private final memory.desc target;
  private final Convolution convolution;
  private final int channels;
  private final convolution_forward.primitive_desc forward;
  private final convolution_backward_data.@Nullable primitive_desc backwardData;
  private final convolution_backward_weights.@Nullable primitive_desc backwardWeights;

  /**
   * @throws UnsupportedOperationException if every layout ends in reference code
   */
  static ConvolutionKernels choose(
      Graph graph,
      Node node,
      Convolution convolution,
      Value input,
      Activation.@Nullable Function then) {
    Shape output = graph.architecture().shape(node.name());
    List<String> refused = new ArrayList<>();
    for (Choice choice : choices(convolution, input)) {
      var kernels = new ConvolutionKernels(graph, convolution, input, output, then, choice);
      String reference = kernels.reference();
      if (reference == null) {
        return kernels;
      }
      refused.add(choice.input + ": " + reference);
    }
    throw new UnsupportedOperationException(
        node.name()
            + ": oneDNN has only slow reference code for "
            + convolution
            + " over "
            + input.shape()
            + " "
            + refused);
  }

  private static List<Choice> choices(Convolution convolution, Value input) {
    List<Choice> choices = new ArrayList<>();
    int channels = input.shape().channels();
    // Kernels for the first layer of a network read row-major images, of three channels only.
    boolean image =
        convolution.dilation() == 1
            && !input.needsGradient()
            && input instanceof Tensor tensor
            && tensor.layout == Tensor.Layout.PLAIN;
    if (image && convolution.groups() == 1 && (channels == 1 || channels == 3)) {
      choices.add(new Choice(Tensor.Layout.PLAIN, Tensor.Layout.BLOCKED, 3 / channels, 1));
    }
    choices.add(new Choice(Tensor.Layout.BLOCKED, Tensor.Layout.BLOCKED, 1, 1));
    int merging = merging(convolution, channels);
    if (merging > 1) {
      choices.add(new Choice(Tensor.Layout.BLOCKED, Tensor.Layout.BLOCKED, 1, merging));
    }
    choices.add(new Choice(Tensor.Layout.PLAIN, Tensor.Layout.PLAIN, 1, 1));
    return choices;
  }

  /** How many groups together are whole blocks of channels, or all of them. */
  private static int merging(Convolution convolution, int channels) {
    int groups = convolution.groups();
    for (int merging = 1; merging < groups; merging++) {
      if (groups % merging == 0
          && channels / groups * merging % OneDnn.BLOCK == 0
          && convolution.outputs() / groups * merging % OneDnn.BLOCK == 0) {
        return merging;
      }
    }
    return groups;
  }

  private ConvolutionKernels(
      Graph graph,
      Convolution convolution,
      Value input,
      Shape output,
      Activation.@Nullable Function then,
      Choice choice) {
    this.choice = choice;
    this.convolution = convolution;
    this.channels = input.shape().channels();
    this.phases = new Phases(convolution, input.shape(), output);
    Convolution seenAs = phases.convolution();
    int images = graph.batch() * phases.count();
    int groups = convolution.groups() / choice.merging;
    Shape seen =
        new Shape(channels * choice.widening, phases.input().height(), phases.input().width());
    source = describe(choice.input, images, seen);
    target = describe(choice.output, images, phases.output());
    memory.format_tag any = memory.format_tag.any;
    memory.desc anyKernel =
        KernelPlaces.description(any, any, convolution, groups, seen.channels());
    Window rows = seenAs.rows();
    Window columns = seenAs.columns();
    long[] stride = {rows.stride(), columns.stride()};
    long[] before = {rows.padding(), columns.padding()};
    long[] after = {
      rows.after(seen.height(), phases.output().height()),
      columns.after(seen.width(), phases.output().width())
    };
    memory.desc bias =
        convolution.bias() ? OneDnn.vector(convolution.outputs()) : new memory.desc();
    ConvolutionPass.Description<convolution_forward.primitive_desc> describe =
        (algorithm, mayBeMissing) ->
            new convolution_forward.primitive_desc(
                new convolution_forward.desc(
                    graph.isTraining() ? dnnl_forward_training : dnnl_forward_inference,
                    algorithm,
                    source,
                    anyKernel,
                    bias,
                    target,
                    stride,
                    before,
                    after),
                ActivationOp.postOp(then),
                OneDnn.ENGINE,
                mayBeMissing);
    if (!graph.isTraining()) {
      forward = ConvolutionPass.direct(describe);
      backwardData = null;
      backwardWeights = null;
      return;
    }
    forward = ConvolutionPass.FORWARD.fastest(seenAs, seen.channels(), describe);
    backwardData =
        input.needsGradient()
            ? ConvolutionPass.INPUT_GRADIENT.fastest(
                seenAs,
                seen.channels(),
                (algorithm, mayBeMissing) ->
                    new convolution_backward_data.primitive_desc(
                        new convolution_backward_data.desc(
                            algorithm, source, anyKernel, target, stride, before, after),
                        OneDnn.ENGINE,
                        forward,
                        mayBeMissing))
            : null;
    var weights =
        ConvolutionPass.KERNEL_GRADIENT.fastest(
            seenAs,
            seen.channels(),
            (algorithm, mayBeMissing) ->
                new convolution_backward_weights.primitive_desc(
                    new convolution_backward_weights.desc(
                        algorithm,
                        source,
                        forward.weights_desc(),
                        bias,
                        target,
                        stride,
                        before,
                        after),
                    OneDnn.ENGINE,
                    forward,
                    mayBeMissing));
    boolean ours =
        groups == seen.channels()
            && groups == convolution.outputs()
            && choice.input == Tensor.Layout.BLOCKED
            && OneDnn.isReference(weights);
    backwardWeights = ours ? null : weights;
  }

  private static memory.desc describe(Tensor.Layout layout, int batch, Shape shape) {
    return layout == Tensor.Layout.BLOCKED
        ? OneDnn.blocked(batch, shape)
        : OneDnn.plain(batch, shape);
  }

  /** The first kernel that is reference code, or null. */
  private @Nullable String reference() {
    if (OneDnn.isReference(forward)) {
      return "forward";
    } else if (backwardData != null && OneDnn.isReference(backwardData)) {
      return "input gradient";
    } else if (backwardWeights != null && OneDnn.isReference(backwardWeights)) {
      return "kernel gradient";
    }
    return null;
  }

  Choice choice() {
    return choice;
  }

  /** The images that the kernels convolve instead of the input's. */
  Phases phases() {
    return phases;
  }

  /** The input as the kernels read it. */
  memory.desc source() {
    return source;
  }

  /** The output as the kernels write it. */
  memory.desc target() {
    return target;
  }

  /**
   * How the layer's kernel becomes the one the kernels read.
   *
   * @param order for each input channel, the layer's; null if they agree
   */
  KernelPlaces places(int @Nullable [] order) {
    return KernelPlaces.of(
        convolution, channels, channels * choice.widening, choice.merging, order);
  }

  convolution_forward.primitive_desc forward() {
    return forward;
  }

  /** Null if there is no gradient to hand on. */
  convolution_backward_data.@Nullable primitive_desc backwardData() {
    return backwardData;
  }

  /** Null if oneDNN has no fast one and {@link DepthwiseKernelGradient} steps in. */
  convolution_backward_weights.@Nullable primitive_desc backwardWeights() {
    return backwardWeights;
  }
}
