package io.skyline.worker.train;

import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_abs;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_clip;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_clip_v2_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_hardswish;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_linear;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_logistic_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
import static org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_round;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;

import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.FakeQuantization;
import java.util.List;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.memory;

/**
 * A function of single numbers as oneDNN computes it.
 *
 * @param name in profiles
 * @param kernels what computes it, one after the other in place
 * @param differentiated what gradients pass: the same, or, where the function has steps, a clip
 *     whose gradient stands for it (a straight-through estimator, Bengio et al. 2013, section 4)
 * @param followsFromOutput whether the derivative can be told from the output alone, so that the
 *     input need not be kept
 * @param keepsZero whether f(0) = 0, so that the padding of blocked layouts stays zero by itself
 */
record Elementwise(
    String name,
    List<Kernel> kernels,
    List<Kernel> differentiated,
    boolean followsFromOutput,
    boolean keepsZero) {
  /** Brings all but the least numbers beyond 1, where a clip is a sign. */
  private static final float STEEP = 1e20f;

  /** One elementwise kernel of oneDNN's with its two arguments. */
  record Kernel(int algorithm, float alpha, float beta) {
    eltwise_forward.primitive_desc describe(memory.desc format) {
      return new eltwise_forward.primitive_desc(
          new eltwise_forward.desc(dnnl_forward_training, algorithm, format, alpha, beta),
          OneDnn.ENGINE);
    }
  }

  private static Elementwise smooth(Function function, boolean keepsZero, Kernel... kernels) {
    List<Kernel> all = List.of(kernels);
    return new Elementwise(function.name(), all, all, true, keepsZero);
  }

  private static Elementwise ofInput(Function function, Kernel kernel) {
    List<Kernel> only = List.of(kernel);
    return new Elementwise(function.name(), only, only, false, true);
  }

  /** An activation function. */
  static Elementwise of(Function function) {
    return switch (function) {
      case RELU -> smooth(function, true, new Kernel(dnnl_eltwise_relu_use_dst_for_bwd, 0f, 0f));
      case RELU6 -> smooth(function, true, clipFromZero(6f));
      case HARD_SWISH -> ofInput(function, new Kernel(dnnl_eltwise_hardswish, 0f, 0f));
      case ABS -> ofInput(function, new Kernel(dnnl_eltwise_abs, 0f, 0f));
      case HARD_SIGMOID -> smooth(function, false, linear(1f / 6, 0.5f), clipFromZero(1f));
      case SIGMOID ->
          smooth(function, false, new Kernel(dnnl_eltwise_logistic_use_dst_for_bwd, 0f, 0f));
      case SIGN -> {
        List<Kernel> clip = List.of(clip(-1f, 1f));
        List<Kernel> kernels = List.of(linear(STEEP, 0f), clip.get(0));
        yield new Elementwise(function.name(), kernels, clip, false, true);
      }
    };
  }

  /**
   * Rounding to bytes. What lies within half a step of the last byte is rounded to it, what lies
   * beyond saturates and has no gradient.
   */
  static Elementwise of(FakeQuantization bytes) {
    float half = bytes.scale() / 2;
    return new Elementwise(
        "BYTES",
        List.of(
            clip(bytes.low(), bytes.high()),
            linear(1 / bytes.scale(), 0f),
            new Kernel(dnnl_eltwise_round, 0f, 0f),
            linear(bytes.scale(), 0f)),
        List.of(clip(bytes.low() - half, bytes.high() + half)),
        false,
        true);
  }

  private static Kernel linear(float factor, float shift) {
    return new Kernel(dnnl_eltwise_linear, factor, shift);
  }

  private static Kernel clip(float low, float high) {
    return new Kernel(dnnl_eltwise_clip, low, high);
  }

  private static Kernel clipFromZero(float limit) {
    return new Kernel(dnnl_eltwise_clip_v2_use_dst_for_bwd, 0f, limit);
  }
}
