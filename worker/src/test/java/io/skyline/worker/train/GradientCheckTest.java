package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Shape;
import io.skyline.worker.network.Weights;
import io.skyline.worker.train.OneDnnEngine.LossAndGradients;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all gradient tests stand on: whether it finds an error of one percent. */
class GradientCheckTest {
  private static final Architecture NET =
      Nets.chain(
          new Shape(3, 7, 6),
          Convolution.same(8, 3, 1),
          new BatchNorm(),
          new Activation(Activation.Function.RELU),
          Convolution.depthwise(8, 3, 2),
          Convolution.pointwise(12),
          new GlobalAveragePool(),
          new Dense(4, true));

  private static LossAndGradients scaled(LossAndGradients actual, String key, float factor) {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    actual
        .gradients()
        .tensors()
        .forEach(
            (name, values) -> {
              float[] copy = values.clone();
              for (int i = 0; i < copy.length && name.equals(key); i++) {
                copy[i] *= factor;
              }
              tensors.put(name, copy);
            });
    return new LossAndGradients(actual.loss(), actual.logits(), new Weights(tensors));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "l0.kernel",
        "l1.gamma",
        "l1.beta",
        "l3.kernel",
        "l4.kernel",
        "l6.kernel",
        "l6.bias"
      })
  void findsAGradientThatIsOffByOnePercent(String key) {
    for (float factor : new float[] {0.99f, 1.01f}) {
      assertThatThrownBy(() -> GradientCheck.gradients(NET, actual -> scaled(actual, key, factor)))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining(key);
    }
  }

  @Test
  void findsALossAndLogitsThatAreOff() {
    assertThatThrownBy(
            () ->
                GradientCheck.gradients(
                    NET,
                    actual ->
                        new LossAndGradients(
                            actual.loss() * 1.001, actual.logits(), actual.gradients())))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(
            () ->
                GradientCheck.gradients(
                    NET,
                    actual -> {
                      float[] logits = actual.logits().clone();
                      logits[3] += 0.01f;
                      return new LossAndGradients(actual.loss(), logits, actual.gradients());
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("logits");
  }
}
