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

  /** Subtracts the mean and multiplies by the inverse deviation, per channel. */
  String write(GraphBuilder graph) {
    int channels = values.mean().size();
    float[] mean = new float[channels];
    float[] scale = new float[channels];
    for (int c = 0; c < channels; c++) {
      mean[c] = mean(c);
      scale[c] = scale(c);
    }
    String shift = graph.floats("image.mean", mean, 1, channels, 1, 1);
    String factor = graph.floats("image.scale", scale, 1, channels, 1, 1);
    graph.node("Sub", List.of(Architecture.INPUT, shift), "image.centered");
    return graph.node("Mul", List.of("image.centered", factor), NORMALIZED);
  }
}
