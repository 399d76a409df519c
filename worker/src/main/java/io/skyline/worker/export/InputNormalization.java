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

  /** Subtracts the mean and multiplies by the inverse deviation, per channel. */
  String write(GraphBuilder graph) {
    List<Float> means = values.mean();
    int channels = means.size();
    float[] mean = new float[channels];
    float[] scale = new float[channels];
    for (int c = 0; c < channels; c++) {
      mean[c] = means.get(c);
      scale[c] = 1f / values.deviation().get(c);
    }
    String shift = graph.floats("image.mean", mean, 1, channels, 1, 1);
    String factor = graph.floats("image.scale", scale, 1, channels, 1, 1);
    graph.node("Sub", List.of(Architecture.INPUT, shift), "image.centered");
    return graph.node("Mul", List.of("image.centered", factor), NORMALIZED);
  }
}
