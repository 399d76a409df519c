package io.skyline.recipe;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.CondensedForm;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An ordered compression plan; the empty recipe exports float32.
 *
 * @param steps at most one of each kind, in an order that {@link StepKind} allows
 */
public record Recipe(List<Step> steps) {
  /** Export as trained. */
  public static final Recipe NONE = new Recipe(List.of());

  public Recipe {
    steps = List.copyOf(steps);
    for (int later = 0; later < steps.size(); later++) {
      for (Step earlier : steps.subList(0, later)) {
        Step step = steps.get(later);
        Optional<String> reason = earlier.kind().refuses(step.kind());
        if (reason.isPresent()) {
          throw new IllegalArgumentException(
              step.text() + " cannot come after " + earlier.text() + ": " + reason.get());
        }
      }
    }
  }

  /**
   * The network that this recipe leaves of one, as it ships: known before anything is trained but
   * for which inputs learned group convolutions will keep, and for layers of low rank where that
   * follows from the weights: these are taken to stay whole.
   */
  public Architecture deployed(Architecture trained) {
    return deployed(trained, layer -> false);
  }

  /** The same where it is known which layers there are in the end, as {@link Step#deployed}. */
  public Architecture deployed(Architecture trained, Predicate<String> present) {
    Architecture deployed = CondensedForm.foretold(trained);
    for (Step step : steps) {
      deployed = step.deployed(deployed, present);
    }
    return deployed;
  }

  /** The step that settles how numbers are stored, if there is one. */
  public Optional<Quantization> quantization() {
    return steps.stream()
        .filter(Quantization.class::isInstance)
        .map(Quantization.class::cast)
        .findFirst();
  }

  /** Passes over the training data that the steps take. */
  public int epochs() {
    return steps.stream().mapToInt(Step::epochs).sum();
  }

  /** The steps' texts joined by {@code ", "}, or {@code "none"}. */
  public String text() {
    return steps.isEmpty()
        ? "none"
        : steps.stream().map(Step::text).collect(Collectors.joining(", "));
  }
}
