package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.recipe.WeightGrid;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GridsTest {
  private static final int CHANNELS = 4;
  private static final int FAN = 50;

  private static float[] drawn(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] kernel = new float[CHANNELS * FAN];
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] = random.nextInt(4) == 0 ? 0 : (float) random.nextDouble(-2, 2);
    }
    return kernel;
  }

  private static float[] rounded(WeightGrid grid, float[] kernel) {
    float[] rounded = kernel.clone();
    Grids.round(grid, rounded, CHANNELS);
    return rounded;
  }

  @Property(tries = 100)
  void weightsAreWholeMultiplesWithinTheLimitAndZerosStay(
      @ForAll WeightGrid grid, @ForAll long seed) {
    float[] before = drawn(seed);
    float[] after = rounded(grid, before);
    if (grid == WeightGrid.FP32) {
      assertThat(after).isEqualTo(before);
      return;
    }
    for (int from = 0; from < after.length; from += FAN) {
      double largest = 0;
      for (int i = from; i < from + FAN; i++) {
        largest = Math.max(largest, Math.abs(after[i]));
      }
      double scale = largest / grid.limit();
      for (int i = from; i < from + FAN; i++) {
        assertThat(after[i] / scale).isCloseTo(Math.rint(after[i] / scale), within(1e-4));
        assertThat(before[i] != 0 || after[i] == 0).isTrue();
        assertThat(after[i] * before[i]).isGreaterThanOrEqualTo(0);
      }
    }
  }

  @Property(tries = 100)
  void roundingTwiceIsRoundingOnce(@ForAll WeightGrid grid, @ForAll long seed) {
    float[] once = rounded(grid, drawn(seed));
    float[] twice = rounded(grid, once);
    for (int i = 0; i < once.length; i++) {
      assertThat(twice[i]).isCloseTo(once[i], within(1e-6f));
    }
  }

  @Property(tries = 100)
  void int8ErrsByAtMostHalfAStep(@ForAll long seed) {
    float[] before = drawn(seed);
    float[] after = rounded(WeightGrid.INT8, before);
    for (int i = 0; i < after.length; i++) {
      assertThat(after[i]).isCloseTo(before[i], within(2f / 127 * 0.501f));
    }
  }

  @Test
  void ternaryByHand() {
    // mean magnitude of what is not zero 1, threshold 0.7, scale (1.5 + 1 + 0.9) / 3
    float[] kernel = {1.5f, -1, 0.6f, 0.9f, 0};
    Grids.round(WeightGrid.TERNARY, kernel, 1);
    float scale = 3.4f / 3;
    assertThat(kernel).containsExactly(new float[] {scale, -scale, 0, scale, 0}, within(1e-6f));
  }

  @Test
  void binaryByHand() {
    float[] kernel = {3, -1, 0, -0.5f, 10, 20};
    Grids.round(WeightGrid.BINARY, kernel, 2);
    assertThat(kernel).containsExactly(2, -2, 0, -30.5f / 3, 30.5f / 3, 30.5f / 3);
  }

  @Test
  void int4ClipsAnOutlierIfThatErrsLess() {
    float[] kernel = new float[200];
    java.util.Arrays.fill(kernel, 0.28f);
    kernel[0] = 1;
    Grids.round(WeightGrid.INT4, kernel, 1);
    // steps of 1 / 7 give 0.286; of 0.9 / 7, 0.257; of 0.7 / 7, 0.3; of 0.5 / 7, 0.286
    assertThat(kernel[1]).isCloseTo(2f / 7, within(1e-6f));
    assertThat(kernel[0]).isEqualTo(1);
    java.util.Arrays.fill(kernel, 0.26f);
    kernel[0] = 1;
    Grids.round(WeightGrid.INT4, kernel, 1);
    assertThat(kernel[1]).isCloseTo(2 * 0.9f / 7, within(1e-6f));
    assertThat(kernel[0]).isCloseTo(0.9f, within(1e-6f));
  }
}
