package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.FloatBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MagnitudesTest {
  @Test
  void divergencesByHand() {
    // kept 8: P = (6, 2, 0.., 1) / 9, Q = (4, 4, 0.., 1) / 9, divergence 0.116
    // kept 7 to 4: the last bin takes in 1, but its level had nothing: more than 1
    // kept 3: P = (6, 2, 1) / 9, Q = (6, 1, 1) / 8, divergence 0.036
    // kept 2: P = (6, 3) / 9, Q = (6, 2) / 8, divergence 0.017
    assertThat(new Magnitudes(8, new long[] {6, 2, 0, 0, 0, 0, 0, 1}).leastDivergence(2))
        .isEqualTo(2);
    // two levels say all of it: nothing is gained by saturating
    assertThat(new Magnitudes(8, new long[] {4, 4, 0, 0, 0, 0, 0, 1}).leastDivergence(2))
        .isEqualTo(8);
  }

  @Test
  void valuesFarFromZeroAreNotAllSaturated() {
    long[] counts = new long[2048];
    for (int bin = 400; bin < 2048; bin++) {
      counts[bin] = 10; // as a gate's, from a fifth of the largest on
    }
    assertThat(new Magnitudes(2048, counts).leastDivergence()).isGreaterThan(1200);
  }

  @Test
  void percentilesByHand() {
    Magnitudes magnitudes = new Magnitudes(4, new long[] {90, 9, 0, 1});
    assertThat(magnitudes.percentile(0.9)).isEqualTo(1);
    assertThat(magnitudes.percentile(0.99)).isEqualTo(2);
    assertThat(magnitudes.percentile(0.991)).isEqualTo(4);
    assertThat(magnitudes.percentile(1)).isEqualTo(4);
  }

  @Test
  void anOutlierIsCutOffAndZerosDoNotCount() {
    SplittableRandom random = new SplittableRandom(1);
    float[] values = new float[60_000];
    for (int i = 0; i < values.length; i += 2) {
      values[i] = (float) (random.nextDouble(-1, 1) + random.nextDouble(-1, 1));
    }
    values[100] = -50;
    Magnitudes magnitudes = new Magnitudes(50);
    magnitudes.add(FloatBuffer.wrap(values));
    assertThat(magnitudes.percentile(0.999)).isCloseTo(1.95, within(0.06));
    assertThat(magnitudes.percentile(1)).isEqualTo(50);
    assertThat(magnitudes.leastDivergence()).isBetween(1.5, 5.0);
    assertThat(magnitudes.percentile(0.5)).isCloseTo(0.6, within(0.05));
  }
}
