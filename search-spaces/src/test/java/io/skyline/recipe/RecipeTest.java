package io.skyline.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.MagnitudePruning.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeTest {
  private static final ChannelPruning CHANNELS = new ChannelPruning(0.5, 1);
  private static final MagnitudePruning WEIGHTS =
      new MagnitudePruning(0.9, Scope.GLOBAL, 4, 8, Rewinding.NONE);
  private static final LowRank FACTORS = new LowRank(LowRank.Method.SPATIAL, 0.5, 2);
  private static final WeightSharing SHARING = new WeightSharing(5, 8, 2);
  private static final WeightHashing HASHING = new WeightHashing(0.9, 4);
  private static final Tutoring TUTORING = new Tutoring(3, 4, 0.7);
  private static final Quantization INT8 = new Quantization(Precision.INT8);

  @Test
  void countsItsEpochs() {
    Recipe recipe = new Recipe(List.of(CHANNELS, WEIGHTS, TUTORING, SHARING));
    assertThat(recipe.epochs()).isEqualTo(1 + 8 + 3 + 2);
    assertThat(recipe.text())
        .isEqualTo(
            "channel-pruning(0.5, 1 epochs), magnitude-pruning(0.9, global, 4 rounds, 8 epochs),"
                + " distillation(3 epochs, temperature 4.0, 0.7),"
                + " weight-sharing(5 bits, 8 of convolutions, 2 epochs)");
  }

  @Test
  void refusesWhatTheMatrixForbidsAtAnyDistance() {
    assertThatThrownBy(() -> new Recipe(List.of(SHARING, TUTORING, INT8)))
        .hasMessageContaining("quantization(int8) cannot come after weight-sharing(5 bits")
        .hasMessageContaining("would move the shared values apart");
    assertThatThrownBy(() -> new Recipe(List.of(INT8, CHANNELS)))
        .hasMessageContaining("quantization settles how the weights are stored");
    assertThatThrownBy(() -> new Recipe(List.of(WEIGHTS, TUTORING, FACTORS)))
        .hasMessageContaining(
            "low-rank(spatial, 0.5, 2 epochs) cannot come after magnitude-pruning")
        .hasMessageContaining("the factors of a sparse kernel are dense");
    assertThatThrownBy(() -> new Recipe(List.of(SHARING, FACTORS)))
        .hasMessageContaining("the shared values are chosen for the weights that remain");
    assertThatThrownBy(() -> new Recipe(List.of(INT8, FACTORS)))
        .hasMessageContaining("quantization settles how the weights are stored");
    assertThatThrownBy(() -> new Recipe(List.of(WEIGHTS, WEIGHTS)))
        .hasMessageContaining("at most once");
  }

  @Test
  void factorsBeforeAndAfterChannelPruning() {
    assertThat(new Recipe(List.of(CHANNELS, FACTORS, WEIGHTS, SHARING)).epochs()).isEqualTo(13);
    assertThat(new Recipe(List.of(FACTORS, TUTORING, CHANNELS, INT8)).epochs()).isEqualTo(6);
  }

  @Test
  void everyKindIsKnownByItsWord() {
    for (StepKind kind : StepKind.values()) {
      assertThat(StepKind.of(kind.word())).isEqualTo(kind);
    }
    assertThat(StepKind.legalAfter(List.of(StepKind.QUANTIZATION))).isEmpty();
    assertThat(StepKind.legalAfter(List.of(StepKind.WEIGHT_SHARING)))
        .containsExactly("distillation");
    assertThat(StepKind.legalAfter(List.of(StepKind.WEIGHT_HASHING)))
        .containsExactly("distillation");
  }

  @Test
  void hashingComesBehindWhatLeavesKernelsWhole() {
    assertThat(new Recipe(List.of(CHANNELS, FACTORS, TUTORING, HASHING)).text())
        .endsWith("weight-hashing(0.9, 4 epochs)");
    assertThat(new Recipe(List.of(HASHING, TUTORING)).epochs()).isEqualTo(7);
    refuses(WEIGHTS, HASHING, "hashed kernels are dense: zeros would not stay");
    refuses(HASHING, WEIGHTS, "hashed kernels are dense: zeros would not stay");
    refuses(SHARING, HASHING, "hashing would move the shared values apart");
    refuses(HASHING, SHARING, "sharing would move the hashed values apart");
    refuses(HASHING, INT8, "quantization would move the hashed values apart");
    refuses(INT8, HASHING, "quantization settles how the weights are stored");
    refuses(HASHING, CHANNELS, "the hash deals its values out to the weights that there are");
    refuses(HASHING, FACTORS, "the hash deals its values out to the weights that there are");
  }

  private static void refuses(Step first, Step second, String reason) {
    assertThatThrownBy(() -> new Recipe(List.of(first, second)))
        .hasMessageContaining("cannot come after")
        .hasMessageContaining(reason);
  }

  @Test
  void sharesOfHashingAreWholeThousandths() {
    assertThat(new WeightHashing(0.875, 1).keptPerMille()).isEqualTo(125);
    assertThat(new WeightHashing(0.999, 1).keptPerMille()).isEqualTo(1);
    assertThat(WeightHashing.rounded(0.93349)).isEqualTo(0.933);
    assertThatThrownBy(() -> new WeightHashing(0.9001, 1)).hasMessageContaining("thousandths");
    assertThatThrownBy(() -> new WeightHashing(1, 1)).hasMessageContaining("between 0 and 1");
    assertThatThrownBy(() -> new WeightHashing(0, 1)).hasMessageContaining("between 0 and 1");
    assertThatThrownBy(() -> new WeightHashing(0.5, -1)).hasMessageContaining("epochs");
  }

  @Test
  void smallKernelsAndWideWindowsAreNotHashed() {
    assertThat(WeightHashing.hashes(List.of(16, 16))).isTrue();
    assertThat(WeightHashing.hashes(List.of(5, 51))).isFalse();
    assertThat(WeightHashing.hashes(List.of(16, 1, 5, 5))).isTrue();
    assertThat(WeightHashing.hashes(List.of(16, 1, 3, 3))).isFalse();
    assertThat(WeightHashing.hashes(List.of(16, 16, 1, 33))).isFalse();
  }

  @Test
  void pruningGrowsFastFirst() {
    assertThat(WEIGHTS.shareAfter(4)).isEqualTo(0.9);
    assertThat(WEIGHTS.shareAfter(1)).isBetween(0.5, 0.55);
    assertThat(WEIGHTS.shareAfter(2) - WEIGHTS.shareAfter(1))
        .isGreaterThan(WEIGHTS.shareAfter(3) - WEIGHTS.shareAfter(2));
  }
}
