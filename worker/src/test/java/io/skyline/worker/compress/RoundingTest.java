package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.HalfFloat;
import io.skyline.worker.network.Network;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class RoundingTest {
  private static final Architecture ARCHITECTURE = Nets.vggLike();

  @Property(tries = 20)
  void halfPrecisionErrsByAtMostHalfAUnitInTheLastOfElevenBits(@ForAll long seed) {
    Network network = Nets.drawn(ARCHITECTURE, seed);
    Network rounded = Rounding.of(network, HalfFloat::round);
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

  @Property
  void mantissasErrByAtMostHalfAUnitInTheirLastBit(
      @ForAll float number, @ForAll @IntRange(min = 1, max = 22) int bits) {
    float rounded = Rounding.mantissa(number, bits);
    int dropped = 23 - bits;
    assertThat(Float.floatToIntBits(rounded) & (1 << dropped) - 1).isZero();
    double unit = Math.max(Math.ulp(number) * (double) (1 << dropped), 0);
    boolean largest = Math.abs((double) number) + unit / 2 > Float.MAX_VALUE;
    assertThat((double) rounded).isCloseTo(number, within(largest ? unit : unit * 0.50001));
    assertThat(Rounding.mantissa(rounded, bits)).isEqualTo(rounded);
  }

  @Property(tries = 1)
  void equallyNearMantissasGoToTheEvenOne() {
    assertThat(Rounding.mantissa(1.25f, 1)).isEqualTo(1f);
    assertThat(Rounding.mantissa(1.75f, 1)).isEqualTo(2f);
    assertThat(Rounding.mantissa(-1.76f, 2)).isEqualTo(-1.75f);
  }
}
