package io.skyline.worker.export;

import io.skyline.architecture.Architecture;
import io.skyline.worker.network.Normalization;
import java.util.List;

/**
 * The first operators of a graph: raw values to normalised ones.
 *
 * <p>They cannot be folded into the first convolution: its zero padding stands for the mean, not
 * for black, so a folded shift would be wrong along the border.
 */
record InputNormalization(Normalization values) {
  /** The normalised image. */
  static final String NORMALIZED = "image.normalized";

  /** Whether one mean and one deviation hold for all channels. */
  boolean isUniform() {
    return values.mean().stream().distinct().count() == 1
        && values.deviation().stream().distinct().count() == 1;
  }

  float mean(int channel) {
    return values.mean().get(channel);
  }

  /** The inverse of the deviation. */
  float scale(int channel) {
    return 1f / values.deviation().get(channel);
  }

  /**
   * Subtracts the mean and multiplies by the inverse deviation, per channel.
   *
   * <p>One BatchNormalization does both in one pass: on a network of 20 us it takes 0.7 us, Sub and
   * Mul take 1.3, a 1x1 convolution 2.6.
   */
  String write(GraphBuilder graph) {
    int channels = values.mean().size();
    float[] mean = new float[channels];
    float[] scale = new float[channels];
    float[] shift = new float[channels];
    float[] variance = new float[channels];
    for (int c = 0; c < channels; c++) {
      mean[c] = mean(c);
      scale[c] = scale(c);
      variance[c] = 1f;
    }
    return graph.node(
        "BatchNormalization",
        List.of(
            Architecture.INPUT,
            graph.floats("image.factor", scale, channels),
            graph.floats("image.shift", shift, channels),
            graph.floats("image.mean", mean, channels),
            graph.floats("image.variance", variance, channels)),
        NORMALIZED,
        GraphBuilder.attribute("epsilon", 0f));
  }
}
