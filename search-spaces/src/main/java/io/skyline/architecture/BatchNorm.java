package io.skyline.architecture;

import java.util.List;

/**
 * Batch normalization per channel with learned scale and shift (Ioffe and Szegedy 2015).
 *
 * <p>Inference uses running statistics; {@link #EPSILON} is added to the variance everywhere.
 */
public record BatchNorm() implements Layer {
  /** Added to every variance, in training, inference and export. */
  public static final float EPSILON = 1e-5f;

  @Override
  public Shape output(List<Shape> inputs) {
    return Layer.only(inputs);
  }

  @Override
  public List<Parameter> parameters(List<Shape> inputs) {
    int channels = Layer.only(inputs).channels();
    return List.of(
        Parameter.trained("gamma", channels),
        Parameter.trained("beta", channels),
        Parameter.statistic("mean", channels),
        Parameter.statistic("variance", channels));
  }
}
