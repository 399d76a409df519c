package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.CondensedForm;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An ordered compression plan; the empty recipe exports float32.
 *
 * @param steps at most one of each kind; a quantization comes last
 */
public record Recipe(List<Step> steps) {
  /** Export as trained. */
  public static final Recipe NONE = new Recipe(List.of());

  public Recipe {
    steps = List.copyOf(steps);
    if (steps.stream().map(Object::getClass).distinct().count() != steps.size()) {
      throw new IllegalArgumentException("a recipe holds each kind of step at most once: " + steps);
    }
    for (Step step : steps.subList(0, Math.max(0, steps.size() - 1))) {
      if (step instanceof Quantization) {
        throw new IllegalArgumentException("quantization must be the last step of a recipe");
      }
    }
  }

  /**
   * The network that this recipe leaves of one, as it ships: known before anything is trained but
   * for which inputs learned group convolutions will keep.
   */
  public Architecture deployed(Architecture trained) {
    Architecture deployed = CondensedForm.foretold(trained);
    for (Step step : steps) {
      if (step instanceof ChannelPruning pruning) {
        deployed = ChannelPlan.of(deployed, pruning.ratio()).pruned();
      } else if (!(step instanceof Quantization)) {
        throw new IllegalStateException("nobody knows what is left after " + step.text());
      }
    }
    return deployed;
  }

  /** The steps' texts joined by {@code ", "}, or {@code "none"}. */
  public String text() {
    return steps.isEmpty()
        ? "none"
        : steps.stream().map(Step::text).collect(Collectors.joining(", "));
  }
}
