package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Invariants;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchSettings.Order;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.scorecard.Metric;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The same search on any number of workers, in any order of completion, with crashes. */
class ParallelSearchProperties {
  private static final List<String> NAMES =
      Controllers.all().stream().map(ControllerType::name).toList();

  /** With decisions of both kinds, so that two stages are two. */
  private static final SearchSpace SPACE = Spaces.withRecipe(Spaces.wide(), 5);

  private static final Goals GOALS =
      new Goals(
          List.of(
              new Objective(Metric.ACCURACY),
              new Objective(Metric.MACS),
              new Objective(Metric.LATENCY)),
          List.of(
              new Constraint(Metric.MACS, Constraint.Bound.AT_MOST, 16_000),
              new Constraint(Metric.LATENCY, Constraint.Bound.AT_MOST, 170)));
  private static final Gate GATE = new ExactCostGate(GOALS, Spaces::value);

  private static final Halving RUNGS = new Halving(1, 3, 9);

  private static SearchSettings settings(
      Order order, int lookahead, long seed, Optional<Halving> rungs) {
    SearchSettings whole =
        new SearchSettings(
            GOALS, Budget.ofTrials(40), lookahead, order, 3, OptionalInt.of(5), true, seed, 0);
    return rungs.map(whole::with).orElse(whole);
  }

  @Provide
  Arbitrary<Optional<Halving>> rungs() {
    return Arbitraries.of(Optional.empty(), Optional.of(RUNGS), Optional.of(new Halving(2, 2, 4)));
  }

  private static Supplier<Controller> controllers(int kind, long seed) {
    ControllerType type = Controllers.named(NAMES.get(kind)).orElseThrow();
    Map<String, Double> small =
        switch (type.name()) {
          case "random" -> Map.of();
          case "reinforce" -> Map.of("hidden", 8.);
          case "surrogate" -> Map.of("initial", 8., "candidates", 30.);
          default -> Map.of("population", 8.);
        };
    return () -> type.create(small, SPACE, GOALS, seed);
  }

  @Property(tries = 100)
  void workersOrderAndCrashesChangeNothingInDeterministicOrder(
      @ForAll @IntRange(max = 5) int kind,
      @ForAll @IntRange(min = 1, max = 20) int lookahead,
      @ForAll("rungs") Optional<Halving> rungs,
      @ForAll @IntRange(max = 1000) int seed) {
    SearchSettings settings = settings(Order.DETERMINISTIC, lookahead, seed, rungs);
    List<Object> expected = null;
    for (int workers : new int[] {1, 2, 8}) {
      SimulatedSearch search =
          new SimulatedSearch(
              settings,
              SPACE,
              controllers(kind, seed),
              GATE,
              workers,
              seed * 8L + workers,
              workers == 1 ? 0 : .1);
      List<SearchEvent> journal = search.run();
      assertHolds(settings, journal, controllers(kind, seed));
      List<Object> result = SimulatedSearch.result(search.state());
      assertThat(search.state().counts().finished()).isEqualTo(40);
      assertThat(result).isEqualTo(expected == null ? result : expected);
      expected = result;
    }
  }

  @Property(tries = 40)
  void invariantsHoldInOrderOfArrival(
      @ForAll @IntRange(max = 5) int kind,
      @ForAll @IntRange(min = 1, max = 8) int workers,
      @ForAll("rungs") Optional<Halving> rungs,
      @ForAll @IntRange(max = 1000) int seed) {
    SearchSettings settings = settings(Order.ARRIVAL, 16, seed, rungs);
    SimulatedSearch search =
        new SimulatedSearch(settings, SPACE, controllers(kind, seed), GATE, workers, seed, .1);
    assertHolds(settings, search.run(), controllers(kind, seed));
    assertThat(search.state().counts().finished()).isEqualTo(40);
  }

  /** Refits and later measurements change the frontier, and nothing that a controller learned. */
  @Property(tries = 20)
  void anExtendedSearchGoesOnTheSameInANewProcess(
      @ForAll @IntRange(max = 5) int kind,
      @ForAll("rungs") Optional<Halving> rungs,
      @ForAll @IntRange(max = 1000) int seed) {
    SearchSettings settings = settings(Order.DETERMINISTIC, 8, seed, rungs);
    List<Object> results = new ArrayList<>();
    for (boolean recovered : new boolean[] {false, true}) {
      SimulatedSearch search =
          new SimulatedSearch(settings, SPACE, controllers(kind, seed), GATE, 2, seed, 0);
      search.run();
      List<SearchEvent> journal = search.extend(15, recovered);
      assertThat(Invariants.check(settings, journal)).isEmpty();
      assertThat(search.state().counts().finished()).isEqualTo(55);
      results.add(SimulatedSearch.result(search.state()));
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
  }

  private static void assertHolds(
      SearchSettings settings, List<SearchEvent> journal, Supplier<Controller> fresh) {
    Set<TaskId> acknowledged = new HashSet<>();
    for (SearchEvent event : journal) {
      if (event instanceof SearchEvent.Scored scored) {
        acknowledged.add(scored.task());
      }
    }
    assertThat(Invariants.check(settings, journal, acknowledged)).isEmpty();
    Proposer proposer = new Proposer(SPACE, fresh.get(), GATE);
    assertThat(ReplayInvariant.check(settings, journal, proposer)).isEmpty();
    assertEveryMemberIsFinished(SearchState.of(settings, journal));
  }

  private static void assertEveryMemberIsFinished(SearchState state) {
    assertThat(state.frontier().members())
        .allSatisfy(
            trial -> {
              assertThat(trial.has(TaskId.Kind.REFIT)).isTrue();
              assertThat(trial.has(TaskId.Kind.MEASURE)).isTrue();
              assertThat(trial.has(TaskId.Kind.TEST)).isTrue();
            });
  }
}
