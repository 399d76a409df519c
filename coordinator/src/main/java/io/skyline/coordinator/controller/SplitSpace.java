package io.skyline.coordinator.controller;

import io.skyline.space.Decision;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;

/**
 * A space as two: the decisions about the network and its training, and those about its recipe.
 *
 * @param whole both together
 * @param networks decisions of the first kind, in their order
 * @param recipes those of the second
 */
record SplitSpace(SearchSpace whole, SearchSpace networks, SearchSpace recipes) {
  private static final String RECIPE = "recipe.";

  /** Whether a space has decisions of both kinds. */
  static boolean isPossible(SearchSpace space) {
    long recipes = space.decisions().stream().filter(SplitSpace::isOfRecipe).count();
    return recipes > 0 && recipes < space.decisions().size();
  }

  /**
   * The parts of a space.
   *
   * @throws IllegalArgumentException if one of them is empty
   */
  static SplitSpace of(SearchSpace whole) {
    List<Decision> networks = new ArrayList<>(whole.decisions());
    networks.removeIf(SplitSpace::isOfRecipe);
    List<Decision> recipes = whole.decisions().stream().filter(SplitSpace::isOfRecipe).toList();
    return new SplitSpace(
        whole, new SearchSpace("networks", networks), new SearchSpace("recipes", recipes));
  }

  private static boolean isOfRecipe(Decision decision) {
    return decision.name().startsWith(RECIPE);
  }

  /** The genome of both parts. */
  Genome join(Genome network, Genome recipe) {
    int[] choices = new int[whole.decisions().size()];
    int networksSeen = 0;
    int recipesSeen = 0;
    for (int i = 0; i < choices.length; i++) {
      choices[i] =
          isOfRecipe(whole.decisions().get(i))
              ? recipe.choices().get(recipesSeen++)
              : network.choices().get(networksSeen++);
    }
    return whole.genome(choices);
  }

  /** A genome's part in {@link #networks}. */
  Genome network(Genome genome) {
    return part(genome, networks, false);
  }

  /** A genome's part in {@link #recipes}. */
  Genome recipe(Genome genome) {
    return part(genome, recipes, true);
  }

  private Genome part(Genome genome, SearchSpace space, boolean ofRecipe) {
    int[] choices = new int[space.decisions().size()];
    int seen = 0;
    for (int i = 0; i < whole.decisions().size(); i++) {
      if (isOfRecipe(whole.decisions().get(i)) == ofRecipe) {
        choices[seen++] = genome.choices().get(i);
      }
    }
    return space.genome(choices);
  }

  /** The recipe of every decision's first value, which compresses nothing by custom. */
  Genome plain() {
    return recipes.genome(new int[recipes.decisions().size()]);
  }
}
