package io.skyline.cost;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the layers of a deployed network store their numbers.
 *
 * @param usual of activations, and of the weights of all layers that are not named
 * @param weights of the layers, by name, that store theirs in another way
 */
public record StoragePlan(Storage usual, Map<String, Storage> weights) {
  public StoragePlan {
    weights = Map.copyOf(weights);
  }

  /** All in the same way. */
  public static StoragePlan all(Storage storage) {
    return new StoragePlan(storage, Map.of());
  }

  /** What a recipe leaves of a network. */
  public static StoragePlan of(Architecture deployed, Recipe recipe) {
    return recipe
        .quantization()
        .filter(step -> step.precision().isOfWeights())
        .map(step -> ofWeights(deployed, step))
        .orElse(all(Storage.of(recipe)));
  }

  private static StoragePlan ofWeights(Architecture deployed, Quantization quantization) {
    return integers(deployed, quantization.grids(deployed).keySet());
  }

  /** Kernels of some layers as integers, of the others as floats. */
  public static StoragePlan integers(Architecture deployed, Set<String> layers) {
    return new StoragePlan(
        Storage.INTEGER_WEIGHTS,
        deployed.nodes().stream()
            .map(node -> node.name())
            .filter(name -> !layers.contains(name))
            .collect(Collectors.toMap(Function.identity(), name -> Storage.FP32)));
  }

  /** Of one layer's weights. */
  public Storage of(String layer) {
    return weights.getOrDefault(layer, usual);
  }
}
