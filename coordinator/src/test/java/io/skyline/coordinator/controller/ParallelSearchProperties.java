package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Failure;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Invariants;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Prefilter;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchSettings.Order;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The same search on any number of workers, in any order of completion, with crashes. */
class ParallelSearchProperties {
  /** What keeps a controller quick and lets it learn within 40 trials, where it has the setting. */
  private static final Map<String, Double> SMALL =
      Map.of("population", 8., "hidden", 8., "initial", 8., "candidates", 30., "first", 12.);

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

  private static final Prefilter PREFILTER =
      new Prefilter(List.of(Metric.MACS, Metric.SYNFLOW, Metric.JACOBIAN_COVARIANCE), .4, 8);

  /** What becomes of a proposal. */
  enum Course {
    TRAINED,
    HALVED,
    HALVED_SOON,
    SCREENED
  }

  private static SearchSettings settings(Order order, int lookahead, long seed, Course course) {
    SearchSettings whole =
        new SearchSettings(
            GOALS, Budget.ofTrials(40), lookahead, order, 3, OptionalInt.of(5), true, seed, 0);
    return switch (course) {
      case TRAINED -> whole;
      case HALVED -> whole.with(new Halving(1, 3, 9));
      case HALVED_SOON -> whole.with(new Halving(2, 2, 4));
      case SCREENED -> whole.with(PREFILTER);
    };
  }

  private static Supplier<Controller> controllers(ControllerType type, long seed) {
    Map<String, Double> values = new HashMap<>(SMALL);
    values.keySet().retainAll(type.settings().stream().map(Setting::name).toList());
    return () -> type.create(values, SPACE, GOALS, seed);
  }

  /** Every controller that a config can name, a new one too, in each try. */
  @Property(tries = 12)
  void workersOrderAndCrashesChangeNothingInDeterministicOrder(
      @ForAll @IntRange(min = 1, max = 20) int lookahead,
      @ForAll Course course,
      @ForAll @IntRange(max = 1000) int seed) {
    SearchSettings settings = settings(Order.DETERMINISTIC, lookahead, seed, course);
    for (ControllerType type : Controllers.all()) {
      assertSameOnAnyWorkers(settings, type, seed, List.of());
    }
  }

  /** Whatever proposes: what is screened out costs no budget, comes once, and does not end it. */
  @Property(tries = 6)
  void aPrefilterScreensWhileItsScoresForetell(
      @ForAll @IntRange(min = 1, max = 12) int lookahead, @ForAll @IntRange(max = 1000) int seed) {
    SearchSettings settings = settings(Order.DETERMINISTIC, lookahead, seed, Course.SCREENED);
    int screened = 0;
    for (ControllerType type : Controllers.all()) {
      SearchState state = assertSameOnAnyWorkers(settings, type, seed, List.of());
      screened += state.counts().screened();
      assertThat(state.trials().stream().map(Trial::genome)).doesNotHaveDuplicates();
      assertThat(state.trials())
          .hasSize(40 + state.counts().screened())
          .hasSizeLessThanOrEqualTo((int) (40 / PREFILTER.keep()) + 2 * lookahead);
      assertThat(state.trials().subList(0, PREFILTER.after()))
          .noneMatch(trial -> trial.status() == Trial.Status.SCREENED);
    }
    assertThat(screened).isPositive();
  }

  /** Outcomes of an earlier run, some of them to be trained again. */
  @Property(tries = 6)
  void aWarmStartIsTheSameForAnyWorkersAndProposesNothingKnownUnasked(
      @ForAll @IntRange(min = 1, max = 20) int lookahead, @ForAll @IntRange(max = 1000) int seed) {
    SearchSettings settings = settings(Order.DETERMINISTIC, lookahead, seed, Course.TRAINED);
    List<SearchEvent.Learned> learned = learned(seed);
    Set<String> known = new HashSet<>();
    learned.stream().filter(l -> !l.again()).forEach(l -> known.add(l.genome()));
    List<String> again =
        learned.stream()
            .filter(SearchEvent.Learned::again)
            .map(SearchEvent.Learned::genome)
            .toList();
    for (ControllerType type : Controllers.all()) {
      SearchState state = assertSameOnAnyWorkers(settings, type, seed, learned);
      List<String> genomes = state.trials().stream().map(Trial::genome).toList();
      assertThat(genomes).as(type.name()).startsWith(again.toArray(String[]::new));
      assertThat(genomes).doesNotHaveDuplicates().doesNotContainAnyElementsOf(known);
    }
  }

  private static List<SearchEvent.Learned> learned(long seed) {
    Random random = new Random(seed);
    List<SearchEvent.Learned> learned = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      Genome genome = SPACE.sample(random);
      boolean feasible = Spaces.value(genome).value(Metric.MACS).orElseThrow() <= 16_000;
      Optional<Failure> failure =
          i % 10 == 3 ? Optional.of(new Failure(FailureKind.DIVERGED, "nan")) : Optional.empty();
      learned.add(
          new SearchEvent.Learned(
              "old/" + (i + 1),
              genome.text(),
              failure.isPresent()
                  ? Scorecard.EMPTY
                  : Spaces.value(genome).with(Metric.LATENCY, Measurement.exact(150)),
              failure,
              failure.isEmpty() && feasible && i % 4 == 0));
    }
    return learned;
  }

  private static SearchState assertSameOnAnyWorkers(
      SearchSettings settings, ControllerType type, int seed, List<SearchEvent.Learned> learned) {
    List<Object> expected = null;
    SearchState last = null;
    for (int workers : new int[] {1, 2, 8}) {
      SimulatedSearch search =
          new SimulatedSearch(
              settings,
              SPACE,
              controllers(type, seed),
              GATE,
              workers,
              seed * 8L + workers,
              workers == 1 ? 0 : .1);
      List<SearchEvent> journal = search.learning(learned).run();
      assertHolds(settings, journal, controllers(type, seed));
      List<Object> result = SimulatedSearch.result(search.state());
      assertThat(search.state().counts().finished()).isEqualTo(40);
      assertThat(result)
          .as("%s, seed %d, %d workers", type.name(), seed, workers)
          .isEqualTo(expected == null ? result : expected);
      expected = result;
      last = search.state();
      assertParentsWereObserved(last);
    }
    return Objects.requireNonNull(last);
  }

  private static void assertParentsWereObserved(SearchState state) {
    for (SearchEvent step : state.steps()) {
      if (step instanceof SearchEvent.Proposed child && child.parent() > 0) {
        boolean everyStepProposes =
            state.settings().halving().isEmpty() && state.settings().prefilter().isEmpty();
        if (everyStepProposes) { // promotions and idle steps count for the lookahead too
          assertThat(child.parent())
              .isLessThanOrEqualTo(child.trial() - state.settings().lookahead());
        }
        assertThat(child.parent()).isLessThan(child.trial());
        assertThat(state.trial(child.parent()).orElseThrow().status())
            .isEqualTo(Trial.Status.SCORED);
      }
    }
  }

  @Property(tries = 8)
  void invariantsHoldInOrderOfArrival(
      @ForAll @IntRange(min = 1, max = 8) int workers,
      @ForAll Course course,
      @ForAll @IntRange(max = 1000) int seed) {
    SearchSettings settings = settings(Order.ARRIVAL, 16, seed, course);
    for (ControllerType type : Controllers.all()) {
      SimulatedSearch search =
          new SimulatedSearch(settings, SPACE, controllers(type, seed), GATE, workers, seed, .1);
      assertHolds(settings, search.run(), controllers(type, seed));
      assertThat(search.state().counts().finished()).isEqualTo(40);
    }
  }

  /** Refits and later measurements change the frontier, and nothing that a controller learned. */
  @Property(tries = 4)
  void anExtendedSearchGoesOnTheSameInANewProcess(
      @ForAll Course course, @ForAll @IntRange(max = 1000) int seed) {
    SearchSettings settings = settings(Order.DETERMINISTIC, 8, seed, course);
    for (ControllerType type : Controllers.all()) {
      List<Object> results = new ArrayList<>();
      for (boolean recovered : new boolean[] {false, true}) {
        SimulatedSearch search =
            new SimulatedSearch(settings, SPACE, controllers(type, seed), GATE, 2, seed, 0);
        search.run();
        List<SearchEvent> journal = search.extend(15, recovered);
        assertThat(Invariants.check(settings, journal)).isEmpty();
        assertThat(search.state().counts().finished()).isEqualTo(55);
        results.add(SimulatedSearch.result(search.state()));
      }
      assertThat(results.get(1)).as(type.name()).isEqualTo(results.get(0));
    }
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
