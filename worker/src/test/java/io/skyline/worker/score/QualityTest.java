package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.worker.data.Examples;
import io.skyline.worker.train.DivergedException;
import org.junit.jupiter.api.Test;

class QualityTest {
  private static Scorecard classes(float[] probabilities, int... labels) {
    return Quality.of(probabilities, new Examples(Shape.flat(1), new float[labels.length], labels));
  }

  private static Scorecard numbers(float[] predictions, float... targets) {
    return Quality.of(predictions, new Examples(Shape.flat(1), new float[targets.length], targets));
  }

  @Test
  void countsTheExamplesWhoseLabelIsMostProbable() {
    float[] probabilities = {.7f, .3f, .4f, .6f, .5f, .5f, .1f, .9f};
    // of equal ones the first wins
    assertThat(classes(probabilities, 0, 0, 0, 1).value(Metric.ACCURACY)).hasValue(0.75);
    assertThat(classes(probabilities, 1, 0, 1, 0).value(Metric.ACCURACY)).hasValue(0);
  }

  @Test
  void aModelThatNeverNamesTheRareClassHasHighAccuracyAndLowMacroF1() {
    float[] always = {.9f, .1f, .9f, .1f, .9f, .1f, .9f, .1f};
    Scorecard quality = classes(always, 0, 0, 0, 1);
    assertThat(quality.value(Metric.ACCURACY)).hasValue(0.75);
    // F1 of class 0 is 6 / 7, that of class 1 is 0
    assertThat(quality.value(Metric.MACRO_F1).orElseThrow()).isCloseTo(3 / 7., within(1e-12));
  }

  @Test
  void aClassThatNeitherOccursNorIsPredictedDoesNotCount() {
    float[] probabilities = {1, 0, 0, 0, 1, 0};
    assertThat(classes(probabilities, 0, 1).value(Metric.MACRO_F1)).hasValue(1);
  }

  @Test
  void errorsOfPredictedNumbersFollowTheirDefinitions() {
    Scorecard quality = numbers(new float[] {1, 2, 5}, 1, 3, 5);
    assertThat(quality.value(Metric.MAE).orElseThrow()).isCloseTo(1 / 3., within(1e-12));
    assertThat(quality.value(Metric.R2).orElseThrow()).isCloseTo(1 - 1 / 8., within(1e-12));
    assertThat(quality.value(Metric.ACCURACY)).isEmpty();
    assertThat(numbers(new float[] {5, 5}, 1, 3).value(Metric.R2).orElseThrow()).isNegative();
    assertThat(numbers(new float[] {3, 3}, 3, 3).value(Metric.R2)).hasValue(1);
  }

  @Test
  void onTestDataTheNumbersHaveOtherNames() {
    Scorecard tested = Quality.onTest(numbers(new float[] {1, 2}, 1, 4));
    assertThat(tested.measurements().keySet()).containsExactly(Metric.TEST_MAE, Metric.TEST_R2);
    assertThat(tested.value(Metric.TEST_MAE)).hasValue(1);
  }

  @Test
  void anOutputThatIsNoNumberIsADivergence() {
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> classes(new float[] {.5f, Float.NaN}, 0));
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> numbers(new float[] {Float.POSITIVE_INFINITY}, 0));
  }

  @Test
  void noExamplesGiveNoQuality() {
    assertThatIllegalArgumentException().isThrownBy(() -> classes(new float[0]));
  }
}
