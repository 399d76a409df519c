package io.skyline.space;

import static io.skyline.space.RecipeSpaces.recipe;
import static io.skyline.space.RecipeSpaces.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.recipe.Calibration;
import io.skyline.recipe.LayerGrids;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.WeightGrid;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantizationSettingsTest {
  private static final String QUANTIZATION =
      """
      fixed: lenet-5
      recipe:
        - quantization:
            to: [fp32, int8, int4, mixed, xnor, mantissa]
            first: [same, int8]
            last: fp32
            grids: [int8, ternary]
            parts: 2
            calibration: [min-max, percentile-99.9]
            mantissa_bits: [3, 7]
            aware_epochs: [1, 2]
      """;

  private static List<String> decisions(String space) {
    return SpaceReader.read(space, "space.yaml").decisions().decisions().stream()
        .map(decision -> decision.name() + decision.values())
        .toList();
  }

  @Test
  void everySettingOfAQuantizationIsADecisionThatCountsWhereItSaysSomething() {
    assertThat(decisions(QUANTIZATION))
        .contains(
            "recipe.quantization.to[fp32, int8, int4, mixed, xnor, mantissa]",
            "recipe.quantization.part1[int8, ternary]",
            "recipe.quantization.part2[int8, ternary]",
            "recipe.quantization.first[same, int8]",
            "recipe.quantization.calibration[min-max, percentile-99.9]",
            "recipe.quantization.aware_epochs[1, 2]",
            "recipe.quantization.mantissa_bits[3, 7]");
    String to = "network=lenet-5 recipe.quantization.to=";
    assertThat(recipe(QUANTIZATION, to + "fp32")).isEqualTo(Recipe.NONE);
    assertThat(
            recipe(
                QUANTIZATION,
                to
                    + "int8 recipe.quantization.aware_epochs=2"
                    + " recipe.quantization.calibration=percentile-99.9"))
        .isEqualTo(
            new Recipe(
                List.of(
                    new Quantization(
                        Precision.INT8,
                        LayerGrids.all(WeightGrid.INT8_NARROW),
                        Calibration.PERCENTILE_99_9,
                        false,
                        7,
                        2))));
    assertThat(
            recipe(
                    QUANTIZATION,
                    to
                        + "mixed recipe.quantization.aware_epochs=1 recipe.quantization.part1=ternary"
                        + " recipe.quantization.part2=int8 recipe.quantization.first=int8")
                .text())
        .isEqualTo("quantization(mixed ternary int8, first int8, last fp32, 1 epochs)");
    assertThat(
            recipe(
                    QUANTIZATION,
                    to + "xnor recipe.quantization.aware_epochs=2 recipe.quantization.first=same")
                .text())
        .isEqualTo("quantization(xnor, first fp32, last fp32, 2 epochs)");
    assertThat(recipe(QUANTIZATION, to + "mantissa recipe.quantization.mantissa_bits=3").text())
        .isEqualTo("quantization(mantissa, 3 bits)");
  }

  @Test
  void biasesAreCorrectedOnlyWhereNothingWasTrained() {
    String space =
        "fixed: lenet-5\nrecipe:\n  - quantization: {to: [fp16, int4], bias_correction:"
            + " [true, false], aware_epochs: [0, 3]}\n";
    String genome = "network=lenet-5 recipe.quantization.to=int4 recipe.quantization.aware_epochs=";
    assertThat(recipe(space, genome + "0 recipe.quantization.bias_correction=true").text())
        .isEqualTo("quantization(int4, bias correction)");
    assertThat(recipe(space, genome + "3").text()).isEqualTo("quantization(int4, 3 epochs)");
    refused(
        "  - quantization: {to: int4, bias_correction: true, aware_epochs: 3}\n",
        "'bias_correction' has nothing to do after training on rounded weights");
  }

  @Test
  void saysWhatHasNothingToSayOfAPrecision() {
    refused("  - quantization: {first: int8}\n", "quantization needs 'to'");
    refused(
        "  - quantization: {to: [int8, fp16], first: int8}\n",
        "'first' has nothing to say of int8, fp16. Remove it, or let 'to' be one of int8-weights,"
            + " int4, ternary, binary, mixed, xnor.");
    refused(
        "  - quantization: {to: int4, calibration: kl-divergence}\n",
        "'calibration' has nothing to say of int4");
    refused("  - quantization: {to: [mixed]}\n", "quantization needs 'grids'");
    refused("  - quantization: {to: [xnor], aware_epochs: 0}\n", "'aware_epochs' cannot be 0");
    assertThatThrownBy(
            () -> SpaceReader.read("fixed: lenet-5\nrecipe: {weights: xnor}\n", "space.yaml"))
        .hasMessageContaining("'weights' cannot be 'xnor'");
  }
}
