package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.Network;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class RoundingTest {
  private static final Architecture ARCHITECTURE = Nets.vggLike();

  @Property(tries = 20)
  void halfPrecisionErrsByAtMostHalfAUnitInTheLastOfElevenBits(@ForAll long seed) {
    Network network = Nets.drawn(ARCHITECTURE, seed);
    Network rounded = Rounding.HALF.of(network);
    for (String key : network.weights().tensors().keySet()) {
      float[] before = network.weights().tensors().get(key);
      float[] after = rounded.weights().tensors().get(key);
      for (int i = 0; i < before.length; i++) {
        double error = Math.max(Math.abs(before[i]) * 0x1p-11, 0x1p-25);
        assertThat((double) after[i]).isCloseTo(before[i], within(error));
        assertThat(Float.floatToIntBits(after[i]) & 0xfff).isZero();
      }
    }
  }

  @Property(tries = 20)
  void int8KernelsAreWholeStepsOfTheirChannelNoFurtherThanHalfAStepAway(@ForAll long seed) {
    Network network = Nets.drawn(ARCHITECTURE, seed);
    Network rounded = Rounding.INT8.of(network);
    for (Node node : ARCHITECTURE.nodes()) {
      for (Parameter parameter : ARCHITECTURE.parameters(node)) {
        float[] before = network.weights().get(node, parameter.name());
        float[] after = rounded.weights().get(node, parameter.name());
        if (!parameter.name().equals("kernel")) {
          assertThat(after).isEqualTo(before);
          continue;
        }
        int fan = before.length / parameter.dimensions().get(0);
        for (int from = 0; from < before.length; from += fan) {
          double step = largest(before, from, fan) / 63;
          for (int i = from; i < from + fan; i++) {
            assertThat((double) after[i]).isCloseTo(before[i], within(step * 0.50001));
            assertThat(after[i] / step).isCloseTo(Math.rint(after[i] / step), within(1e-4));
          }
          assertThat(largest(after, from, fan)).isCloseTo(63 * step, within(1e-6));
        }
      }
    }
  }

  private static double largest(float[] values, int from, int count) {
    double largest = 0;
    for (int i = from; i < from + count; i++) {
      largest = Math.max(largest, Math.abs(values[i]));
    }
    return largest;
  }

  @Property(tries = 20)
  void roundingTwiceIsRoundingOnce(@ForAll Rounding rounding, @ForAll long seed) {
    Network once = rounding.of(Nets.drawn(ARCHITECTURE, seed));
    Network twice = rounding.of(once);
    once.weights()
        .tensors()
        .forEach(
            (key, values) -> {
              float[] again = twice.weights().tensors().get(key);
              for (int i = 0; i < values.length; i++) {
                assertThat(again[i]).isCloseTo(values[i], within(1e-6f));
              }
            });
  }

  @Property(tries = 1)
  void aChannelOfZerosStaysOne() {
    Network network = Nets.drawn(ARCHITECTURE, 1);
    float[] kernel = network.weights().tensors().get("c1.kernel");
    Arrays.fill(kernel, 0, 27, 0f);
    float[] rounded = Rounding.INT8.of(network).weights().tensors().get("c1.kernel");
    assertThat(Arrays.copyOf(rounded, 27)).containsOnly(0f);
  }
}
