package io.skyline.space;

import io.skyline.recipe.Recipe;
import io.skyline.yaml.Document;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one recipe from a YAML file: what a space has under {@code recipe}, with a single value for
 * each setting; the key {@code recipe} itself may stand in front.
 */
public final class RecipeReader {
  private static final String KEY = "recipe";

  /** Settings ask for a genome; where nothing is to be decided, any one does. */
  private static final SearchSpace DECIDED =
      new SearchSpace(
          KEY,
          List.of(
              new Decision(KEY, Decision.Kind.CATEGORICAL, List.of("decided"), Optional.empty())));

  private static final Set<String> LISTS_OF_PARTS =
      Set.of(ChannelPruningSettings.PARTS, QuantizationSettings.PARTS);

  private RecipeReader() {}

  /**
   * Reads a file.
   *
   * @throws InvalidDocumentException with everything that is wrong with it
   */
  public static Recipe read(Path file) {
    return read(Document.read(file));
  }

  static Recipe read(Value document) {
    Value value = unwrapped(document);
    Problems problems = new Problems();
    Choices choices = new Choices(problems);
    RecipeSettings settings = RecipeSettings.read(value, choices, problems);
    refuseChoices(value, problems);
    problems.throwIfAny();
    Recipe recipe = settings.of(DECIDED.genome(0), DECIDED);
    if (recipe.steps().isEmpty()) {
      throw new InvalidDocumentException(
          value.place(),
          "the recipe has no step, so there is nothing to do",
          "Write, for example, - quantization: {to: int8}.");
    }
    return recipe;
  }

  private static Value unwrapped(Value document) {
    if (document instanceof Value.Mapping mapping && mapping.entries().size() == 1) {
      return mapping.entry(KEY).map(Value.Entry::value).orElse(document);
    }
    return document;
  }

  /** A search may choose among values; whoever applies a recipe has chosen. */
  private static void refuseChoices(Value recipe, Problems problems) {
    if (recipe instanceof Value.Sequence steps) {
      for (Value step : steps.items()) {
        if (step instanceof Value.Mapping mapping) {
          mapping.entries().forEach(kind -> refuseChoicesIn(kind.value(), problems));
        }
      }
    } else {
      refuseChoicesIn(recipe, problems);
    }
  }

  private static void refuseChoicesIn(Value settings, Problems problems) {
    if (settings instanceof Value.Mapping mapping) {
      for (Value.Entry setting : mapping.entries()) {
        if (LISTS_OF_PARTS.contains(setting.name())
            && setting.value() instanceof Value.Sequence parts) {
          parts.items().forEach(part -> refuseSeveral(setting.name(), part, problems));
        } else {
          refuseSeveral(setting.name(), setting.value(), problems);
        }
      }
    }
  }

  private static void refuseSeveral(String name, Value value, Problems problems) {
    boolean several =
        value instanceof Value.Sequence list
            ? list.items().size() != 1
            : value instanceof Value.Mapping;
    if (several) {
      problems.add(
          value.place(),
          "'" + name + "' has several values; a recipe to apply has one",
          "Choose one of them; a search can choose, see skyline search.");
    }
  }
}
