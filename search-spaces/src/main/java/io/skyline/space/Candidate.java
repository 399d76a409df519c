package io.skyline.space;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;

/**
 * A decoded genome: what to build, how to train it, how to compress it.
 *
 * @param architecture the network as trained, before the recipe removes anything
 * @param recipe compression after training
 * @param training the search's plan, with what the space decides of it
 */
public record Candidate(Architecture architecture, Recipe recipe, TrainingPlan training) {}
