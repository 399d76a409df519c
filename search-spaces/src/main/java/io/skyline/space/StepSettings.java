package io.skyline.space;

import io.skyline.recipe.Step;
import java.util.Optional;

/** One step of a space's recipe, whose settings may be decisions. */
interface StepSettings {
  /** The step that a genome decides on; empty if it goes without. */
  Optional<Step> of(Genome genome, SearchSpace space);
}
