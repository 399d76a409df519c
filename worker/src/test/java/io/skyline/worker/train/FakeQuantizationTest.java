package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.FakeQuantization;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Dl4jEngine;
import io.skyline.worker.network.Network;
import io.skyline.worker.train.OneDnnEngine.LossAndGradients;
import org.junit.jupiter.api.Test;

class FakeQuantizationTest {
  private static final int INPUTS = 16;
  private static final int HIDDEN = 64;
  private static final int CLASSES = 3;

  /** By hand: logits of rounded numbers; gradients pass where a number is rounded to a byte. */
  @Test
  void gradientsPassWithinTheRangeAndNotBeyond() {
    FakeQuantization bytes = new FakeQuantization(0.01f, 100); // from -1 to 1.55
    Shape shape = new Shape(1, 4, 4);
    Architecture architecture =
        Nets.chain(
            shape, new Flatten(), new Dense(HIDDEN, false), bytes, new Dense(CLASSES, false));
    Network network = Nets.network(architecture, 5);
    float[] one = network.weights().tensors().get("l1.kernel");
    float[] two = network.weights().tensors().get("l3.kernel");
    Examples examples = Nets.examples(shape, 1, CLASSES, 7);
    double[] x = Nets.normalised(network, examples);
    double[] hidden = new double[HIDDEN];
    double[] logits = new double[CLASSES];
    for (int h = 0; h < HIDDEN; h++) {
      for (int i = 0; i < INPUTS; i++) {
        hidden[h] += one[h * INPUTS + i] * x[i];
      }
      double rounded = Math.min(Math.max(Math.rint(hidden[h] * 100), -100), 155) / 100;
      for (int c = 0; c < CLASSES; c++) {
        logits[c] += two[c * HIDDEN + h] * rounded;
      }
    }
    LossAndGradients found = new OneDnnEngine().gradients(network, examples, 0);
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      assertThat((double) found.logits()[c]).isCloseTo(logits[c], within(1e-4));
      sum += Math.exp(logits[c]);
    }
    float[] gradient = found.gradients().tensors().get("l1.kernel");
    int below = 0;
    int above = 0;
    for (int h = 0; h < HIDDEN; h++) {
      double back = 0;
      for (int c = 0; c < CLASSES; c++) {
        double off = Math.exp(logits[c]) / sum - (c == examples.labels()[0] ? 1 : 0);
        back += off * two[c * HIDDEN + h];
      }
      below += hidden[h] < -1.005 ? 1 : 0;
      above += hidden[h] > 1.555 ? 1 : 0;
      boolean passes = hidden[h] >= -1.005 && hidden[h] <= 1.555;
      for (int i = 0; i < INPUTS; i++) {
        assertThat((double) gradient[h * INPUTS + i])
            .isCloseTo(passes ? back * x[i] : 0, within(1e-5));
      }
    }
    assertThat(below).isBetween(1, HIDDEN / 2);
    assertThat(above).isBetween(1, HIDDEN / 2);
  }

  /** Nine channels: the rest of the last block of channels must stay zero. */
  @Test
  void mapsAreRoundedInBlocksOfChannelsToo() {
    Architecture architecture =
        Nets.chain(
            new Shape(2, 7, 5),
            new FakeQuantization(0.05f, 40),
            Convolution.same(9, 3, 1),
            new FakeQuantization(0.02f, 128),
            Convolution.same(7, 3, 2),
            new FakeQuantization(0.3f, 3),
            new GlobalAveragePool());
    Network network = Nets.network(architecture, 3);
    Examples examples = Nets.examples(architecture.input(), 8, 7, 4);
    double[] expected =
        new DoubleReference(architecture, network.weights(), 8, true)
            .logits(Nets.normalised(network, examples));
    float[] found = new OneDnnEngine().gradients(network, examples, 0).logits();
    double off = 0;
    for (int i = 0; i < expected.length; i++) {
      // a number near the middle of two bytes may go to either
      off += Math.abs(found[i] - expected[i]) / expected.length;
    }
    assertThat(off).isLessThan(0.3 / 12 / 10);
  }

  @Test
  void refusesScalesAndZerosThatNoByteHas() {
    for (float scale : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> new FakeQuantization(scale, 3))
          .isInstanceOf(InvalidArchitectureException.class);
    }
    for (int zero : new int[] {-1, 256}) {
      assertThatThrownBy(() -> new FakeQuantization(1, zero))
          .isInstanceOf(InvalidArchitectureException.class);
    }
  }

  @Test
  void theReferenceEngineRefusesIt() {
    Architecture architecture =
        Nets.chain(
            new Shape(1, 4, 4), new FakeQuantization(1, 3), new Flatten(), new Dense(3, true));
    Network network = Nets.network(architecture, 1);
    Examples examples = Nets.examples(architecture.input(), 8, 3, 2);
    assertThatThrownBy(
            () ->
                new Dl4jEngine()
                    .train(network, TrainingPlan.standard(1), examples, 1, TrainingProgress.SILENT))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("l0");
  }
}
