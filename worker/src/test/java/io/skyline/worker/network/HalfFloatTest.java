package io.skyline.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import org.junit.jupiter.api.Test;

class HalfFloatTest {
  @Test
  void everyHalfIsItself() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      if ((bits & 0x7c00) != 0x7c00) {
        assertThat(HalfFloat.of(HalfFloat.toFloat((short) bits))).isEqualTo((short) bits);
      }
    }
  }

  @Property
  void noOtherHalfIsNearer(@ForAll @FloatRange(min = -65504, max = 65504) float value) {
    short half = HalfFloat.of(value);
    double error = Math.abs((double) HalfFloat.toFloat(half) - value);
    for (int neighbour : new int[] {half - 1, half + 1}) {
      if ((neighbour & 0x7c00) != 0x7c00 && (neighbour & 0x8000) == (half & 0x8000)) {
        assertThat(error)
            .isLessThanOrEqualTo(Math.abs((double) HalfFloat.toFloat((short) neighbour) - value));
      }
    }
  }

  @Test
  void knownValuesAndLimits() {
    assertThat(HalfFloat.of(1f)).isEqualTo((short) 0x3c00);
    assertThat(HalfFloat.of(-2f)).isEqualTo((short) 0xc000);
    assertThat(HalfFloat.of(1 / 3f)).isEqualTo((short) 0x3555);
    assertThat(HalfFloat.of(0x1p-24f)).isEqualTo((short) 1);
    assertThat(HalfFloat.of(1e9f)).isEqualTo((short) 0x7bff);
    // ties go to the even neighbour
    assertThat(HalfFloat.of(1 + 0x1p-11f)).isEqualTo((short) 0x3c00);
    assertThat(HalfFloat.of(1 + 3 * 0x1p-11f)).isEqualTo((short) 0x3c02);
    assertThatIllegalArgumentException().isThrownBy(() -> HalfFloat.of(Float.NaN));
  }
}
