package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.skyline.scorecard.Measurement;
import io.skyline.worker.train.DivergedException;
import org.junit.jupiter.api.Test;

class AccuracyTest {
  @Test
  void countsTheExamplesWhoseLabelIsMostProbable() {
    float[] probabilities = {.7f, .3f, .4f, .6f, .5f, .5f, .1f, .9f};
    // of equal ones the first wins
    assertThat(Accuracy.of(probabilities, new int[] {0, 0, 0, 1}, 2))
        .isEqualTo(Measurement.exact(0.75));
    assertThat(Accuracy.of(probabilities, new int[] {1, 0, 1, 0}, 2))
        .isEqualTo(Measurement.exact(0));
  }

  @Test
  void aProbabilityThatIsNoNumberIsADivergence() {
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> Accuracy.of(new float[] {.5f, Float.NaN}, new int[] {0}, 2));
  }

  @Test
  void noExamplesGiveNoAccuracy() {
    assertThatIllegalArgumentException().isThrownBy(() -> Accuracy.of(new float[0], new int[0], 2));
  }
}
