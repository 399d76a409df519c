package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WarpingTest {
  /** Of values from 10 on, with its origin at 9.5. */
  private static final Warping WARPING = new Warping(9.5, 5, .1);

  @Test
  void isALogarithmFromItsEdgeOn() {
    assertThat(WARPING.of(10)).isCloseTo(Math.log(.1), within(1e-12));
    assertThat(WARPING.of(14.5)).isCloseTo(0, within(1e-12));
  }

  @Test
  void goesOnAsTheTangentBelowItsEdge() {
    double slope = (WARPING.of(10 + 1e-6) - WARPING.of(10)) / 1e-6;
    for (double value : new double[] {9.99, 9.5, 9, 0, -100}) {
      assertThat(WARPING.of(value) - WARPING.of(10))
          .isCloseTo(slope * (value - 10), within(1e-4 * (10 - value)));
    }
  }

  @Test
  void valuesThatDifferByRoundingHaveTheUnitOne() {
    double value = .1 + .2;
    Warping warping = Warping.of(new double[] {.3, value, .3}, warped -> 0);
    assertThat(warping.unit()).isEqualTo(1);
  }

  @Test
  void isFittedToTheLeastValue() {
    // the likelihood that prefers the logarithm of the largest shift
    Warping warping =
        Warping.of(
            new double[] {1, 2, 6}, warped -> Math.abs(warped[0] - Math.log(3)) < .1 ? 9 : -9);
    assertThat(warping).isEqualTo(new Warping(1 - 3 * 2, 2, 3));
    assertThat(warping.of(1)).isCloseTo(Math.log(3), within(1e-12));
  }
}
