package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Decision;
import io.skyline.space.Decision.Kind;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Example;

class TwoStageTest extends ControllerContractTest {
  private static final SearchSpace SPACE =
      new SearchSpace(
          "both",
          List.of(
              decision("width", "8", "16", "24", "32"),
              decision("recipe.weights", "fp32", "fp16", "int8"),
              decision("depth", "1", "2", "3"),
              decision("recipe.pruning", "0", "0.25", "0.5")));

  private static Decision decision(String name, String... values) {
    return new Decision(name, Kind.ORDINAL, List.of(values), Optional.empty());
  }

  @Override
  Controller create(SearchSpace space, Goals goals, long seed) {
    return TwoStage.create(space, goals, 12, new Nsga2.Settings(10, .9, 1), seed);
  }

  @Override
  SearchSpace wide() {
    return Spaces.withRecipe(Spaces.wide(), 5);
  }

  @Override
  SearchSpace tiny() {
    return Spaces.withRecipe(Spaces.tiny(), 2);
  }

  @Override
  SearchSpace single() {
    return new SearchSpace("single", List.of(decision("one", "1"), decision("recipe.one", "1")));
  }

  private static Outcome scored(long step, Genome genome) {
    int width = genome.choices().get(0) + 1;
    int weights = genome.choices().get(1) + 1;
    int depth = genome.choices().get(2) + 1;
    // only networks of depth 2 are worth their cost
    double accuracy = (depth == 2 ? .9 : .5) - .1 / width - .01 * weights;
    double macs = 100.0 * width * (depth == 2 ? 1 : 3) / weights;
    return new Outcome.Scored(
        step,
        genome,
        Scorecard.EMPTY
            .with(Metric.ACCURACY, Measurement.exact(accuracy))
            .with(Metric.MACS, Measurement.exact(macs)));
  }

  @Example
  void searchesNetworksFirstAndThenTheRecipesOfThoseThatWon() {
    Controller controller = create(SPACE, Spaces.TWO, 3);
    List<Genome> proposed = new ArrayList<>();
    Set<String> texts = new HashSet<>();
    for (long step = 1; step <= 24; step++) {
      Genome genome = controller.propose(step, Pending.NONE).genome();
      assertThat(texts.add(genome.text())).as(genome.text()).isTrue();
      proposed.add(genome);
      controller.observe(scored(step, genome));
    }
    assertThat(proposed.subList(0, 12))
        .allMatch(g -> g.text().contains("weights=fp32") && g.text().contains("pruning=0"));
    // all twelve networks have been tried, and the four of depth 2 have won
    assertThat(proposed.subList(12, 24))
        .allMatch(g -> g.text().contains("depth=2"))
        .noneMatch(g -> g.text().contains("weights=fp32") && g.text().endsWith("pruning=0"));
  }

  @Example
  void theContractIsOfTwoStages() {
    assertThat(create(wide(), Spaces.TWO, 1)).isInstanceOf(TwoStage.class);
    assertThat(create(tiny(), Spaces.TWO, 1)).isInstanceOf(TwoStage.class);
    assertThat(create(single(), Spaces.TWO, 1)).isInstanceOf(TwoStage.class);
  }

  private static boolean isPlain(Genome genome) {
    return genome.choices().get(1) == 0 && genome.choices().get(3) == 0;
  }

  @Example
  void plainNetworksThatAllFailDoNotEndTheSearch() {
    for (boolean rejected : new boolean[] {false, true}) {
      Controller controller = create(SPACE, Spaces.TWO, 3);
      int scored = 0;
      for (long step = 1; step <= 60; step++) {
        Genome genome = controller.propose(step, Pending.NONE).genome();
        scored += isPlain(genome) ? 0 : 1;
        controller.observe(
            !isPlain(genome)
                ? scored(step, genome)
                : rejected
                    ? new Outcome.Infeasible(step, genome, Scorecard.EMPTY, "too large")
                    : new Outcome.Failed(step, genome, FailureKind.CRASHED, "boom"));
      }
      // twelve networks are tried plain, and none of them twice
      assertThat(scored).isEqualTo(48);
    }
  }

  /** A network of a million, none of which is plain and allowed: recipes are tried all the same. */
  @Example
  void recipesAreTriedWhereNoPlainNetworkIsAllowed() {
    Controller controller = create(wide(), Spaces.TWO, 3);
    int scored = 0;
    for (long step = 1; step <= 60; step++) {
      Genome genome = controller.propose(step, Pending.NONE).genome();
      boolean plain = genome.choices().subList(5, 10).stream().allMatch(choice -> choice == 0);
      scored += plain ? 0 : 1;
      controller.observe(
          plain
              ? new Outcome.Infeasible(step, genome, Scorecard.EMPTY, "too large")
              : new Outcome.Scored(step, genome, Spaces.value(genome)));
    }
    assertThat(scored).isBetween(30, 48);
  }

  @Example
  void oneNetworkHasItsRecipesSearched() {
    SearchSpace fixed =
        new SearchSpace(
            "fixed",
            List.of(
                decision("network", "lenet"),
                decision("recipe.a", "0", "1", "2", "3"),
                decision("recipe.b", "0", "1", "2", "3")));
    Controller controller = create(fixed, Spaces.TWO, 3);
    Set<String> texts = new HashSet<>();
    for (long step = 1; step <= 16; step++) {
      Genome genome = controller.propose(step, Pending.NONE).genome();
      texts.add(genome.text());
      // the plain network fails
      controller.observe(
          step == 1
              ? new Outcome.Failed(step, genome, FailureKind.DIVERGED, "nan")
              : new Outcome.Scored(step, genome, Spaces.value(genome)));
    }
    assertThat(texts).hasSize(16);
  }

  @Example
  void aSpaceOfOneKindIsSearchedInOneStage() {
    SearchSpace networks = new SearchSpace("one", List.of(decision("width", "8", "16")));
    assertThat(create(networks, Spaces.TWO, 1)).isInstanceOf(Nsga2.class);
  }
}
