package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.LowRank;
import io.skyline.recipe.LowRank.Method;
import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.MagnitudePruning.Scope;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.Tutoring;
import io.skyline.recipe.WeightSharing;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecipeSettingsTest {
  private static final String STEPS =
      """
      fixed: lenet-5
      recipe:
        - channel-pruning: {ratio: [0, 0.5], fine_tune_epochs: 1}
        - magnitude-pruning:
            share: [0.8, 0.9]
            scope: [global, sensitivity]
            rounds: 4
            fine_tune_epochs: 8
        - distillation: {alpha: [0, 0.5], epochs: 2}
        - weight-sharing: {bits: [0, 4, 5], convolution_bits: 8, fine_tune_epochs: 2}
      """;

  private static Recipe recipe(String space, String genome) {
    CandidateSpace read = SpaceReader.read(space, "space.yaml");
    return read.decode(read.decisions().parse(genome), Fashion.CARD, TrainingPlan.standard(1))
        .recipe();
  }

  @Test
  void readsAListOfStepsWhoseSettingsAreDecisions() {
    assertThat(
            recipe(
                    STEPS,
                    "network=lenet-5 recipe.channel-pruning.ratio=0.5"
                        + " recipe.magnitude-pruning.share=0.9"
                        + " recipe.magnitude-pruning.scope=sensitivity"
                        + " recipe.distillation.alpha=0.5 recipe.weight-sharing.bits=5")
                .steps())
        .isEqualTo(
            List.of(
                new ChannelPruning(0.5, 1),
                new MagnitudePruning(0.9, Scope.SENSITIVITY, 4, 8, Rewinding.NONE),
                new Tutoring(2, 4, 0.5),
                new WeightSharing(5, 8, 2)));
  }

  @Test
  void stepsThatAreTurnedOffAreLeftOut() {
    assertThat(
            recipe(
                    STEPS,
                    "network=lenet-5 recipe.channel-pruning.ratio=0"
                        + " recipe.magnitude-pruning.share=0.8"
                        + " recipe.magnitude-pruning.scope=global recipe.distillation.alpha=0"
                        + " recipe.weight-sharing.bits=0")
                .steps())
        .isEqualTo(List.of(new MagnitudePruning(0.8, Scope.GLOBAL, 4, 8, Rewinding.NONE)));
  }

  @Test
  void readsLowRankWhoseMethodAndShareAreDecisions() {
    String space =
        """
        fixed: lenet-5
        recipe:
          - low-rank: {method: [svd, spatial, channel], share: [0, 0.3, 0.5], fine_tune_epochs: 2}
        """;
    String factored = "network=lenet-5 recipe.low-rank.share=0.3 recipe.low-rank.method=channel";
    assertThat(recipe(space, factored).steps())
        .isEqualTo(List.of(new LowRank(Method.CHANNEL, 0.3, 2)));
    assertThat(recipe(space, "network=lenet-5 recipe.low-rank.share=0").steps()).isEmpty();
    refused("  - low-rank: {method: svd}\n", "low-rank needs 'share'");
    refused("  - low-rank: {share: 1}\n", "'share' cannot be 1");
    refused("  - low-rank: {share: 0.5, method: tucker}\n", "'method' cannot be 'tucker'");
  }

  private static void refused(String recipe, String message) {
    assertThatThrownBy(() -> SpaceReader.read("fixed: lenet-5\nrecipe:\n" + recipe, "space.yaml"))
        .hasMessageContaining(message);
  }

  @Test
  void saysWhyAnOrderIsIllegalAndWhatWouldBeLegal() {
    refused(
        "  - weight-sharing: {bits: 5}\n  - channel-pruning: {ratio: 0.5}\n",
        "space.yaml:4:5: channel-pruning cannot come after weight-sharing: the shared values are"
            + " chosen for the weights that remain. Write it earlier; what may come here:"
            + " distillation.");
    refused(
        "  - quantization: {to: int8}\n  - distillation: {epochs: 1}\n",
        "space.yaml:4:5: distillation cannot come after quantization: quantization settles how"
            + " the weights are stored. Nothing can: end the recipe there, or write this step"
            + " earlier.");
    refused(
        "  - quantization: {to: int8}\n  - quantization: {to: fp16}\n",
        "space.yaml:4:5: quantization cannot come after quantization: a recipe holds each kind"
            + " of step at most once");
  }

  @Test
  void saysWhatIsWrongWithAStep() {
    refused("  - weight-shring: {bits: 5}\n", "space.yaml:3:5: 'step' cannot be 'weight-shring'");
    refused("  - {bits: 5}\n", "'step' cannot be 'bits'");
    refused("  - weight-sharing\n", "a step of a recipe is its kind with its settings");
    refused("  - weight-sharing: {bits: 9}\n", "'bits' cannot be 9");
    refused("  - weight-sharing: {fine_tune_epochs: 1}\n", "weight-sharing needs 'bits'");
    refused("  - magnitude-pruning: {share: 1}\n", "'share' cannot be 1");
  }
}
