package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;

/** Recipes of spaces in text. */
final class RecipeSpaces {
  private RecipeSpaces() {}

  /** What a space's genome asks for. */
  static Recipe recipe(String space, String genome) {
    CandidateSpace read = SpaceReader.read(space, "space.yaml");
    return read.decode(read.decisions().parse(genome), Fashion.CARD, TrainingPlan.standard(1))
        .recipe();
  }

  /** Expects an error of a recipe for LeNet-5, which begins in the third line. */
  static void refused(String recipe, String message) {
    assertThatThrownBy(() -> SpaceReader.read("fixed: lenet-5\nrecipe:\n" + recipe, "space.yaml"))
        .hasMessageContaining(message);
  }
}
