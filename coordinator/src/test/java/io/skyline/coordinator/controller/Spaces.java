package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Decision;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Synthetic spaces with known values, for controllers. */
final class Spaces {
  static final Goals ACCURACY = new Goals(List.of(new Objective(Metric.ACCURACY)), List.of());
  static final Goals TWO =
      new Goals(List.of(new Objective(Metric.ACCURACY), new Objective(Metric.MACS)), List.of());

  private Spaces() {}

  /** Ten decisions of four values: a million genomes. */
  static SearchSpace wide() {
    return new SearchSpace(
        "wide", IntStream.range(0, 10).mapToObj(i -> decision("d" + i, 4)).toList());
  }

  /** With a condition: 2 + 1 * 3 = 5 genomes of the first two decisions, times 2. */
  static SearchSpace tiny() {
    return new SearchSpace(
        "tiny",
        List.of(
            decision("kind", 3),
            new Decision(
                "width",
                Decision.Kind.ORDINAL,
                List.of("8", "16", "24"),
                Optional.of(new Decision.When("kind", Set.of("2")))),
            decision("head", 2)));
  }

  static SearchSpace single() {
    return new SearchSpace("single", List.of(decision("only", 1)));
  }

  /** The same space with its decisions from one on as those of the recipe. */
  static SearchSpace withRecipe(SearchSpace space, int from) {
    List<Decision> decisions = new ArrayList<>();
    for (Decision decision : space.decisions()) {
      String prefix = decisions.size() < from ? "" : "recipe.";
      decisions.add(
          new Decision(
              prefix + decision.name(), decision.kind(), decision.values(), decision.when()));
    }
    return new SearchSpace(space.name(), decisions);
  }

  private static Decision decision(String name, int values) {
    return new Decision(
        name,
        Decision.Kind.CATEGORICAL,
        IntStream.range(0, values).mapToObj(String::valueOf).toList(),
        Optional.empty());
  }

  /**
   * Accuracy grows with every decision that has its own best value, a little more if its neighbour
   * has too; multiply-accumulates grow with the values.
   */
  static Scorecard value(Genome genome) {
    List<Integer> choices = genome.choices();
    double good = 0;
    long macs = 1000;
    for (int i = 0; i < choices.size(); i++) {
      boolean here = choices.get(i) == i % 4;
      boolean next = choices.get((i + 1) % choices.size()) == (i + 1) % 4;
      good += (here ? 1 : 0) + (here && next ? .5 : 0);
      macs += 500L * choices.get(i) * (1 + i % 3);
    }
    return Scorecard.EMPTY
        .with(Metric.ACCURACY, Measurement.exact(good / (1.5 * choices.size())))
        .with(Metric.MACS, Measurement.exact(macs));
  }
}
