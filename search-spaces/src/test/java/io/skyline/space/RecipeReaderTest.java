package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.recipe.Recipe;
import io.skyline.yaml.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeReaderTest {
  @TempDir Path folder;

  private Recipe read(String yaml) throws IOException {
    return RecipeReader.read(Files.writeString(folder.resolve("recipe.yaml"), yaml));
  }

  private void refused(String yaml, String... lines) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidDocumentException.class)
        .satisfies(
            e -> {
              String said = String.valueOf(e.getMessage());
              assertThat(said.lines().map(l -> l.replace(folder + "/", "")))
                  .zipSatisfy(
                      java.util.List.of(lines),
                      (line, start) -> assertThat(line).startsWith(start));
            });
  }

  @Test
  void stepsAreReadInTheirOrder() throws IOException {
    assertThat(
            read("""
                    - channel-pruning: {ratio: 0.5, fine_tune_epochs: 2}
                    - magnitude-pruning: {share: 0.9, rounds: [3]}
                    - weight-sharing: {bits: 5}
                    """)
                .text())
        .isEqualTo(
            "channel-pruning(0.5, 2 epochs), magnitude-pruning(0.9, global, 3 rounds, 1 epochs),"
                + " weight-sharing(5 bits, 5 of convolutions, 1 epochs)");
  }

  @Test
  void theShortFormAndTheKeyInFrontAreReadToo() throws IOException {
    Recipe recipe = read("{weights: int8, pruning: 0.25}");
    assertThat(recipe.text()).isEqualTo("channel-pruning(0.25, 1 epochs), quantization(int8)");
    assertThat(read("recipe: {weights: int8, pruning: 0.25}")).isEqualTo(recipe);
  }

  @Test
  void choicesAreRefusedWhereTheyStand() {
    refused(
        """
        - channel-pruning: {ratio: [0.25, 0.5]}
        - magnitude-pruning:
            share: 0.9
            rounds: {from: 1, to: 3, step: 1}
        """,
        "recipe.yaml:1:28: 'ratio' has several values",
        "recipe.yaml:4:13: 'rounds' has several values");
    refused("weights: [int8, fp16]\n", "recipe.yaml:1:10: 'weights' has several values");
    refused(
        "- channel-pruning: {ratios: [0, [0.25, 0.5]]}\n",
        "recipe.yaml:1:33: 'ratios' has several values");
  }

  @Test
  void aValueForEachPartIsOneValue() throws IOException {
    assertThat(read("- quantization: {to: mixed, part_grids: [int8, int4]}\n").text())
        .isEqualTo("quantization(mixed int8 int4)");
    assertThat(read("- channel-pruning: {ratios: [0, 0.5]}\n").text())
        .isEqualTo("channel-pruning(0.0 0.5, 1 epochs)");
  }

  @Test
  void mistakesHaveTheirPlaces() {
    refused(
        "- weight-sharing: {bit: 5}\n",
        "recipe.yaml:1:19: weight-sharing needs 'bits'",
        "recipe.yaml:1:20: unknown key 'bit'");
    refused(
        "- weight-sharing: {bits: 5}\n- quantization: {to: int8}\n",
        "recipe.yaml:2:3: quantization cannot come after weight-sharing");
    refused("- quantisation: {to: int8}\n", "recipe.yaml:1:3: 'step' cannot be 'quantisation'");
    refused("weights: fp32\n", "recipe.yaml:1:1: the recipe has no step");
    refused("int8\n", "recipe.yaml:1:1: recipe is a group of keys");
    assertThatThrownBy(() -> RecipeReader.read(folder.resolve("none.yaml")))
        .hasMessageContaining("none.yaml: there is no such file");
  }
}
