package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ClustersTest {
  @Test
  void findsTheGroupsThatAreThere() {
    float[] numbers = {-1.1f, -0.9f, 0, 2.9f, 3.1f, 3f, 0, -1f, 7f};
    assertThat(Clusters.share(numbers, 4))
        .containsExactly(new float[] {-1, -1, 0, 3, 3, 3, 0, -1, 7}, within(1e-6f));
  }

  @Property
  void leavesAtMostSoManyValuesAndMovesNoneBeyondItsNeighbours(
      @ForAll @Size(min = 1, max = 300) float @FloatRange(min = -8, max = 8) [] numbers,
      @ForAll @IntRange(min = 2, max = 32) int values) {
    float[] shared = Clusters.share(numbers, values);
    Set<Float> left = new HashSet<>();
    for (int i = 0; i < numbers.length; i++) {
      left.add(shared[i] + 0f);
      if (numbers[i] == 0) {
        assertThat(shared[i]).isZero();
      }
    }
    assertThat(left).hasSizeLessThanOrEqualTo(values);
    for (int i = 0; i < numbers.length; i++) {
      for (float other : left) {
        if (numbers[i] != 0 && other != 0) {
          assertThat(Math.abs(numbers[i] - shared[i]))
              .isLessThanOrEqualTo(Math.abs(numbers[i] - other) + 1e-5f);
        }
      }
    }
  }

  @Test
  void moreValuesLoseLess() {
    Random random = new Random(5);
    float[] numbers = new float[5000];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.nextGaussian();
    }
    double last = Double.MAX_VALUE;
    for (int values : new int[] {2, 4, 8, 16, 32, 64}) {
      float[] shared = Clusters.share(numbers, values);
      double loss = 0;
      for (int i = 0; i < numbers.length; i++) {
        loss += Math.pow(numbers[i] - shared[i], 2) / numbers.length;
      }
      assertThat(loss).isLessThan(last / 2);
      last = loss;
    }
  }
}
