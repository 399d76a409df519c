package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.train.OneDnnEngine.LossAndGradients;
import org.junit.jupiter.api.Test;

class SignGradientTest {
  private static final int INPUTS = 16;
  private static final int HIDDEN = 9;
  private static final int CLASSES = 3;

  /** By hand: logits of signs; gradients as if a sign were a clip to [-1, 1]. */
  @Test
  void gradientsPassWhereTheInputIsAtMostOne() {
    Shape shape = new Shape(1, 4, 4);
    Architecture architecture =
        Nets.chain(
            shape,
            new Flatten(),
            new Dense(HIDDEN, false),
            new Activation(Function.SIGN),
            new Dense(CLASSES, false));
    Network network = Nets.network(architecture, 5);
    String first = architecture.nodes().get(1).name() + ".kernel";
    String second = architecture.nodes().get(3).name() + ".kernel";
    float[] one = network.weights().tensors().get(first);
    float[] two = network.weights().tensors().get(second);
    Examples examples = Nets.examples(shape, 1, CLASSES, 7);
    double[] x = Nets.normalised(network, examples);
    double[] hidden = new double[HIDDEN];
    double[] logits = new double[CLASSES];
    for (int h = 0; h < HIDDEN; h++) {
      for (int i = 0; i < INPUTS; i++) {
        hidden[h] += one[h * INPUTS + i] * x[i];
      }
      for (int c = 0; c < CLASSES; c++) {
        logits[c] += two[c * HIDDEN + h] * Math.signum(hidden[h]);
      }
    }
    LossAndGradients found = new OneDnnEngine().gradients(network, examples, 0);
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
      assertThat((double) found.logits()[c]).isCloseTo(logits[c], within(1e-5));
      sum += Math.exp(logits[c]);
    }
    float[] gradient = found.gradients().tensors().get(first);
    int passed = 0;
    for (int h = 0; h < HIDDEN; h++) {
      double back = 0;
      for (int c = 0; c < CLASSES; c++) {
        double off = Math.exp(logits[c]) / sum - (c == examples.labels()[0] ? 1 : 0);
        back += off * two[c * HIDDEN + h];
      }
      boolean passes = Math.abs(hidden[h]) <= 1;
      passed += passes ? 1 : 0;
      for (int i = 0; i < INPUTS; i++) {
        assertThat((double) gradient[h * INPUTS + i])
            .isCloseTo(passes ? back * x[i] : 0, within(1e-5));
      }
    }
    assertThat(passed).isBetween(1, HIDDEN - 1);
  }
}
