package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Shape;
import io.skyline.recipe.Calibration;
import io.skyline.recipe.LayerGrids;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.WeightGrid;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InputScalesTest {
  private static final Optional<WeightGrid> FLOATS = Optional.of(WeightGrid.FP32);
  private static final Quantization XNOR =
      new Quantization(
          Precision.XNOR,
          new LayerGrids(List.of(WeightGrid.BINARY), FLOATS, FLOATS),
          Calibration.MIN_MAX,
          false,
          7,
          1,
          true);

  private static float[] floats(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  /**
   * By the definition: over each window of 3 x 3 in steps of 2 the mean magnitude inside the map.
   */
  @Test
  void aConvolutionIsScaledByTheMeanMagnitudeOfEachWindow() {
    SampleNetworks net = new SampleNetworks(new Shape(2, 8, 7));
    net.then(Convolution.same(5, 3, 1));
    net.then(new Activation(Activation.Function.RELU));
    net.then(Convolution.same(6, 3, 2));
    net.then(new GlobalAveragePool());
    net.then(new Dense(3, true));
    Architecture form = XNOR.deployed(net.architecture());
    Network network = SampleNetworks.drawn(form, 4);
    Examples images = SampleNetworks.images(form.input(), 1, 3, 5);
    List<String> names = List.of("n2_sign_norm", "n2", "n2_scaled");
    try (ModelSession session = ModelSession.load(OnnxWriter.writeValues(network, names))) {
      session.forEachBatch(
          images,
          (from, outputs) -> {
            float[] read = floats(ModelSession.tensor(outputs, OnnxWriter.values("n2_sign_norm")));
            float[] signs = floats(ModelSession.tensor(outputs, OnnxWriter.values("n2")));
            float[] scaled = floats(ModelSession.tensor(outputs, OnnxWriter.values("n2_scaled")));
            for (int i = 0; i < scaled.length; i++) {
              double scale = meanMagnitude(read, i / 4 % 4, i % 4);
              assertThat((double) scaled[i]).isCloseTo(signs[i] * scale, within(1e-4));
            }
            assertThat(scaled).hasSize(6 * 4 * 4);
          });
    }
  }

  private static double meanMagnitude(float[] read, int row, int column) {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < read.length; i++) {
      int r = i / 7 % 8;
      int c = i % 7;
      if (Math.abs(r - 2 * row) <= 1 && Math.abs(c - 2 * column) <= 1) {
        sum += Math.abs(read[i]);
        count++;
      }
    }
    return sum / count;
  }

  @Test
  void aDenseLayerIsScaledByTheMeanMagnitudeOfItsInputs() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 4, 4));
    net.then(new Flatten());
    net.then(new Dense(9, true));
    net.then(new Dense(7, true));
    net.then(new Dense(3, true));
    Architecture form = XNOR.deployed(net.architecture());
    Network network = SampleNetworks.drawn(form, 4);
    Examples images = SampleNetworks.images(form.input(), 1, 3, 5);
    List<String> names = List.of("n2_sign_norm", "n2", "n2_scaled");
    try (ModelSession session = ModelSession.load(OnnxWriter.writeValues(network, names))) {
      session.forEachBatch(
          images,
          (from, outputs) -> {
            float[] read = floats(ModelSession.tensor(outputs, OnnxWriter.values("n2_sign_norm")));
            float[] signs = floats(ModelSession.tensor(outputs, OnnxWriter.values("n2")));
            float[] scaled = floats(ModelSession.tensor(outputs, OnnxWriter.values("n2_scaled")));
            double mean = 0;
            for (float value : read) {
              mean += Math.abs(value) / read.length;
            }
            for (int i = 0; i < 7; i++) {
              assertThat((double) scaled[i]).isCloseTo(signs[i] * mean, within(1e-4));
            }
          });
    }
  }
}
