package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.worker.hashing.HashSearch;
import io.skyline.worker.hashing.HashedKernel;
import io.skyline.worker.hashing.KernelShape;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class HashedValuesTest {
  private static final KernelShape SHAPE = new KernelShape(12, 8, 3, 3);

  private static float[] drawn(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    return numbers;
  }

  private static void assertShared(HashedKernel kernels, float[] held) {
    float[] values = new float[kernels.values()];
    java.util.Arrays.fill(values, Float.NaN);
    for (int i = 0; i < held.length; i++) {
      int bucket = kernels.bucket(i);
      if (!Float.isNaN(values[bucket])) {
        assertThat(held[i]).isEqualTo(values[bucket]);
      }
      values[bucket] = held[i];
    }
  }

  @Property(tries = 40)
  void thePlacesOfABucketStayEqual(
      @ForAll @IntRange(min = 1, max = 999) int kept, @ForAll long seed) {
    HashedKernel kernels = new HashedKernel(SHAPE, kept);
    HashedValues rule = new HashedValues(kernels);
    float[] held = drawn(SHAPE.size(), seed);
    rule.start(held);
    assertShared(kernels, held);
    float[] gradient = drawn(SHAPE.size(), seed + 1);
    rule.adjust(gradient);
    assertShared(kernels, gradient);
    float[] noise = drawn(SHAPE.size(), seed + 2);
    for (int i = 0; i < held.length; i++) {
      held[i] -= 0.1f * gradient[i] + 1e-6f * noise[i];
    }
    rule.hold(held);
    assertShared(kernels, held);
    assertThat(HashSearch.of(SHAPE, rule.shown(held))).isPresent();
  }

  @Test
  void aTrainingGoesOnFromWhatAnotherShowed() {
    HashedValues rule = new HashedValues(new HashedKernel(SHAPE, 120));
    float[] held = drawn(SHAPE.size(), 5);
    rule.start(held);
    float[] shown = rule.shown(held);
    float[] again = shown.clone();
    rule.start(again);
    assertThat(rule.shown(again)).isEqualTo(shown);
  }

  /** A loss that is linear in the kernel: its derivative by a value, but for the places' number. */
  @Test
  void theGradientIsThatOfTheValues() {
    HashedKernel kernels = new HashedKernel(SHAPE, 60);
    float[] byKernel = drawn(SHAPE.size(), 8);
    float[] adjusted = byKernel.clone();
    new HashedValues(kernels).adjust(adjusted);
    int[] places = new int[kernels.values()];
    for (int i = 0; i < SHAPE.size(); i++) {
      places[kernels.bucket(i)]++;
    }
    for (int i = 0; i < SHAPE.size(); i += 7) {
      int bucket = kernels.bucket(i);
      float[] values = new float[kernels.values()];
      values[bucket] = 1;
      float[] derivative = kernels.kernel(values);
      double loss = 0;
      for (int k = 0; k < derivative.length; k++) {
        loss += (double) derivative[k] * byKernel[k];
      }
      assertThat((double) adjusted[i] * places[bucket]).isCloseTo(loss, within(1e-5));
    }
  }
}
