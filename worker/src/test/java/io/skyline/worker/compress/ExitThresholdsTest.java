package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.worker.data.Examples;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.ExitNets;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import io.skyline.worker.train.DivergedException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two classes; an exit's confidence falls with the example's number. */
class ExitThresholdsTest {
  private static final int EXAMPLES = 400;

  /** From 0.99 down to 0.51, for class 0 but for some examples. */
  private static float[] exit(List<Integer> otherwise) {
    float[] said = new float[2 * EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      float confidence = 0.99f - 0.48f * i / (EXAMPLES - 1);
      int answer = otherwise.contains(i) ? 1 : 0;
      said[2 * i + answer] = confidence;
      said[2 * i + 1 - answer] = 1 - confidence;
    }
    return said;
  }

  private static float[] whole() {
    float[] said = new float[2 * EXAMPLES];
    for (int i = 0; i < EXAMPLES; i++) {
      said[2 * i] = 0.8f;
      said[2 * i + 1] = 0.2f;
    }
    return said;
  }

  private static float confidence(int example) {
    return 0.99f - 0.48f * example / (EXAMPLES - 1);
  }

  @Test
  void asManyLeaveAsKeepTheAnswersOfAllButOneInTwoHundred() {
    // two of 400 may be answered otherwise: the third, at 300, may not
    List<float[]> said = List.of(exit(List.of(100, 200, 300, 350)), whole());
    ExitPolicy policy = ExitThresholds.policy(said, 2);

    assertThat(policy.thresholds()).hasSize(1);
    assertThat(policy.thresholds().get(0))
        .isCloseTo((confidence(299) + confidence(300)) / 2, within(1e-6f));
    int[] leaving = policy.leaving(said, 2);
    assertThat(leaving[299]).isZero();
    assertThat(leaving[300]).isEqualTo(1);
  }

  @Test
  void allLeaveWhereEveryAnswerIsTheSame() {
    ExitPolicy policy = ExitThresholds.policy(List.of(exit(List.of()), whole()), 2);
    assertThat(policy.thresholds().get(0)).isCloseTo(0.51f, within(1e-3f));
    assertThat(policy.leaving(List.of(exit(List.of()), whole()), 2)).containsOnly(0);
  }

  @Test
  void exitsThatAreConfidentOfOtherAnswersAreClosed() {
    List<float[]> said = List.of(exit(List.of(0, 1, 2)), whole());
    assertThat(ExitThresholds.policy(said, 2).thresholds().get(0))
        .isCloseTo((confidence(1) + confidence(2)) / 2, within(1e-6f));
    // equal confidences leave together
    float[] sure = whole();
    for (int i = 0; i < 6; i++) {
      sure[i] = 1 - sure[i];
    }
    ExitPolicy closed = ExitThresholds.policy(List.of(sure, whole()), 2);
    assertThat(closed).isEqualTo(ExitPolicy.closed(1));
    assertThat(closed.isOpen(0)).isFalse();
  }

  @Test
  void allExitsShareAThresholdAndTheFirstThatReachesItAnswers() {
    List<Integer> second = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      second.add(i);
    }
    // nobody gets as far as the second exit, which is always wrong
    List<float[]> said = List.of(exit(List.of()), exit(second), whole());
    ExitPolicy policy = ExitThresholds.policy(said, 2);
    assertThat(policy.thresholds().get(0)).isEqualTo(policy.thresholds().get(1));
    assertThat(policy.leaving(said, 2)).containsOnly(0);
    assertThat(policy.answers(said, 2)).isEqualTo(said.get(0));
    assertThat(policy.countedOn(said, 2).shares()).containsExactly(1.0, 0.0);
  }

  @Test
  void theNetworkIsAskedAsItIsEncoded() {
    Network network = BatchNormFolding.fold(SampleNetworks.drawn(ExitNets.residual(5), 3));
    Examples images = SampleNetworks.images(network.architecture().input(), 300, 5, 4);
    ExitThresholds chosen = ExitThresholds.choose(Encoded.trained(network), images);

    assertThat(chosen.examples()).isEqualTo(300);
    assertThat(chosen.otherwise()).isLessThanOrEqualTo(0.005);
    assertThat(chosen.network().weights()).isEqualTo(network.weights());
    assertThat(chosen.network().exits().thresholds()).hasSize(2);
  }

  @Test
  void probabilitiesThatAreNoNumbersAreADivergedTraining() {
    float[] broken = exit(List.of());
    broken[7] = Float.NaN;
    assertThatThrownBy(() -> ExitThresholds.policy(List.of(broken, whole()), 2))
        .isInstanceOf(DivergedException.class);
  }
}
