package io.skyline.space;

import static io.skyline.space.RecipeSpaces.recipe;
import static io.skyline.space.RecipeSpaces.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.ChannelPruning.Criterion;
import io.skyline.recipe.LowRank;
import io.skyline.recipe.LowRank.Method;
import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.MagnitudePruning.Scope;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Tutoring;
import io.skyline.recipe.WeightHashing;
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
  void theCriterionOfChannelPruningIsADecisionInBothForms() {
    String listed =
        "fixed: lenet-5\nrecipe: [{channel-pruning: {ratio: 0.5, criterion: [l2, apoz]}}]";
    String inShort = "fixed: lenet-5\nrecipe: {pruning: 0.5, criterion: taylor}";
    assertThat(recipe(listed, "network=lenet-5 recipe.channel-pruning.criterion=apoz").steps())
        .isEqualTo(List.of(new ChannelPruning(0.5, Criterion.APOZ, 1)));
    assertThat(recipe(inShort, "network=lenet-5").steps())
        .isEqualTo(List.of(new ChannelPruning(0.5, Criterion.TAYLOR, 1)));
  }

  @Test
  void channelPruningHasARatioForEachPart() {
    String space = "fixed: resnet-20\nrecipe: [{channel-pruning: {ratios: [0, 0.5, [0, 0.75]]}}]";
    assertThat(recipe(space, "network=resnet-20 recipe.channel-pruning.part3=0.75").steps())
        .isEqualTo(List.of(new ChannelPruning(List.of(0.0, 0.5, 0.75), Criterion.L1, 1)));
    String none = "fixed: resnet-20\nrecipe: [{channel-pruning: {ratios: [0, [0, 0.75]]}}]";
    assertThat(recipe(none, "network=resnet-20 recipe.channel-pruning.part2=0").steps()).isEmpty();
    refused("  - channel-pruning: {ratios: 0.5}\n", "'ratios' lists a value");
    refused("  - channel-pruning: {ratios: []}\n", "'ratios' lists a value");
    refused("  - channel-pruning: {ratios: [0.5, 0.95]}\n", "'ratios' cannot be 0.95");
    refused("  - channel-pruning: {ratio: 0.5, ratios: [0.5]}\n", "'ratio' is of the whole");
    refused("  - channel-pruning: {fine_tune_epochs: 5}\n", "channel-pruning needs 'ratio'");
  }

  @Test
  void mixedPrecisionHasAGridForEachPart() {
    String space =
        "fixed: lenet-5\n"
            + "recipe: [{quantization: {to: mixed, part_grids: [int8, [int4, ternary]]}}]";
    Recipe read = recipe(space, "network=lenet-5 recipe.quantization.part2=ternary");
    assertThat(read.text()).isEqualTo("quantization(mixed int8 ternary)");
    refused(
        "  - quantization: {to: mixed, parts: 2, part_grids: [int8, int4]}\n",
        "'part_grids' says it of each part already");
    refused("  - quantization: {to: int8, part_grids: [int8]}\n", "'part_grids' has nothing to");
  }

  @Test
  void xnorTrainsAnEpochAtLeastAndLeavesTheOthersAlone() {
    String space =
        "fixed: lenet-5\nrecipe: [{quantization: {to: [int8, xnor], aware_epochs: [0, 2]}}]";
    String genome = "network=lenet-5 recipe.quantization.to=%s recipe.quantization.aware_epochs=0";
    assertThat(recipe(space, genome.formatted("int8")).epochs()).isZero();
    assertThat(recipe(space, genome.formatted("xnor")).epochs()).isEqualTo(1);
  }

  @Test
  void scalesOfInputsAreADecisionOfXnorAlone() {
    String space =
        "fixed: lenet-5\nrecipe: [{quantization: {to: [int8, xnor], input_scales: [true, false]}}]";
    String genome = "network=lenet-5 recipe.quantization.to=xnor recipe.quantization.input_scales=";
    assertThat(recipe(space, genome + "true").text()).contains("input scales");
    assertThat(recipe(space, genome + "false").text()).doesNotContain("input scales");
    assertThat(recipe(space, "network=lenet-5 recipe.quantization.to=int8").epochs()).isZero();
    refused(
        "  - quantization: {to: binary, input_scales: true}\n",
        "'input_scales' has nothing to say of binary");
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
    String byEnergy =
        "fixed: lenet-5\nrecipe: [{low-rank: {energy: [1, 0.9], method: [svd, channel]}}]";
    String kept = "network=lenet-5 recipe.low-rank.energy=0.9 recipe.low-rank.method=svd";
    assertThat(recipe(byEnergy, kept).steps())
        .isEqualTo(List.of(new LowRank(Method.SVD, new LowRank.Energy(0.9), 1)));
    assertThat(recipe(byEnergy, kept).text()).isEqualTo("low-rank(svd, energy 0.9, 1 epochs)");
    assertThat(recipe(byEnergy, "network=lenet-5 recipe.low-rank.energy=1").steps()).isEmpty();
    refused("  - low-rank: {share: 0.5, energy: 0.9}\n", "'energy' and 'share' both");
    refused("  - low-rank: {energy: 0}\n", "'energy' cannot be 0");
    refused("  - low-rank: {method: svd}\n", "low-rank needs 'share'");
    refused("  - low-rank: {share: 1}\n", "'share' cannot be 1");
    refused("  - low-rank: {share: 0.5, method: tucker}\n", "'method' cannot be 'tucker'");
  }

  @Test
  void readsHashingWhoseShareIsADecision() {
    String space =
        """
        fixed: lenet-5
        recipe:
          - weight-hashing: {share: [0, 0.9, 0.9375], fine_tune_epochs: [5, 10]}
        """;
    String hashed = "network=lenet-5 recipe.weight-hashing.share=0.9375";
    assertThat(recipe(space, hashed + " recipe.weight-hashing.fine_tune_epochs=10").steps())
        .isEqualTo(List.of(new WeightHashing(0.938, 10)));
    assertThat(recipe(space, "network=lenet-5 recipe.weight-hashing.share=0").steps()).isEmpty();
    refused("  - weight-hashing: {fine_tune_epochs: 2}\n", "weight-hashing needs 'share'");
    refused("  - weight-hashing: {share: 1}\n", "'share' cannot be 1");
    refused(
        "  - magnitude-pruning: {share: 0.5}\n  - weight-hashing: {share: 0.9}\n",
        "space.yaml:4:5: weight-hashing cannot come after magnitude-pruning: hashed kernels are"
            + " dense: zeros would not stay. Write it earlier; what may come here:"
            + " channel-pruning, distillation, weight-sharing, quantization.");
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
