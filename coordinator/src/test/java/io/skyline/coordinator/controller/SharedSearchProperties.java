package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Invariants;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchSettings.Order;
import io.skyline.coordinator.search.Sharing;
import io.skyline.coordinator.search.SharingSettings;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Searches with shared weights, on any number of workers, in any order, with crashes. */
class SharedSearchProperties {
  private static final Goals GOALS =
      new Goals(
          List.of(new Objective(Metric.ACCURACY), new Objective(Metric.MACS)),
          List.of(new Constraint(Metric.MACS, Constraint.Bound.AT_MOST, 16_000)));
  private static final Gate GATE = new ExactCostGate(GOALS, SharedSearchProperties::costs);

  private static Scorecard costs(Genome genome) {
    Scorecard all = Spaces.value(genome);
    return Scorecard.EMPTY.with(
        Metric.MACS, java.util.Objects.requireNonNull(all.measurements().get(Metric.MACS)));
  }

  private static SearchSettings settings(
      int steps, int candidates, int sharingLookahead, int lookahead, long seed) {
    return new SearchSettings(
        GOALS,
        Budget.ofTrials(6),
        lookahead,
        Order.DETERMINISTIC,
        3,
        OptionalInt.empty(),
        true,
        seed,
        0,
        Optional.empty(),
        Optional.of(new SharingSettings(steps, 1, candidates, sharingLookahead, 1, 1)),
        Optional.empty());
  }

  private static Supplier<Proposer> proposers(SearchSpace space, String strategy, long seed) {
    SharingStrategyType type = SharingStrategies.named(strategy).orElseThrow();
    Map<String, Double> small =
        switch (strategy) {
          case "enas" -> Map.of("hidden", 8.);
          case "spos" -> Map.of("population", 6.);
          default -> Map.of();
        };
    return () ->
        new Proposer(
            space,
            new SharingProposer(
                space,
                type.create(small, space, GOALS, seed),
                GATE,
                SharedSearchProperties::costs,
                GOALS,
                seed),
            GATE);
  }

  @Property(tries = 30)
  void workersOrderAndCrashesChangeNothing(
      @ForAll @IntRange(max = 2) int kind,
      @ForAll @IntRange(min = 1, max = 5) int sharingLookahead,
      @ForAll @IntRange(min = 1, max = 10) int lookahead,
      @ForAll @IntRange(max = 1000) int seed) {
    String strategy = SharingStrategies.all().get(kind).name();
    SearchSettings settings = settings(25, 12, sharingLookahead, lookahead, seed);
    Supplier<Proposer> proposers = proposers(Spaces.wide(), strategy, seed);
    List<Object> expected = null;
    for (int workers : new int[] {1, 2, 8}) {
      SimulatedSearch search =
          new SimulatedSearch(
              settings,
              Spaces.wide(),
              proposers,
              workers,
              seed * 8L + workers,
              workers == 1 ? 0 : .1);
      List<SearchEvent> journal = search.run();
      assertThat(Invariants.check(settings, journal)).isEmpty();
      assertThat(ReplayInvariant.check(settings, journal, proposers.get())).isEmpty();
      Sharing sharing = search.state().sharing();
      assertThat(sharing.merged()).isEqualTo(25);
      assertThat(sharing.candidates()).hasSize(12);
      assertThat(search.state().trials()).hasSize(6);
      List<Object> result = SimulatedSearch.result(search.state());
      assertThat(result).isEqualTo(expected == null ? result : expected);
      expected = result;
    }
  }

  @Property(tries = 20)
  void trialsAreTheBestDistinctCandidates(
      @ForAll @IntRange(max = 2) int kind, @ForAll @IntRange(max = 1000) int seed) {
    String strategy = SharingStrategies.all().get(kind).name();
    SimulatedSearch search =
        new SimulatedSearch(
            settings(10, 20, 2, 4, seed),
            Spaces.wide(),
            proposers(Spaces.wide(), strategy, seed),
            2,
            seed,
            0);
    search.run();

    List<Sharing.Candidate> candidates = search.state().sharing().candidates();
    Set<String> trials =
        new HashSet<>(search.state().trials().stream().map(Trial::genome).toList());
    assertThat(trials).hasSize(6);
    assertThat(candidates.stream().map(Sharing.Candidate::genome).distinct()).hasSize(20);
    for (Sharing.Candidate one : candidates) {
      assertThat(GATE.judge(Spaces.wide().parse(one.genome()))).isInstanceOf(Gate.Feasible.class);
      boolean beaten =
          candidates.stream()
              .filter(other -> !trials.contains(other.genome()))
              .anyMatch(other -> dominates(other, one));
      assertThat(trials.contains(one.genome()) && beaten).as(one.genome()).isFalse();
    }
  }

  private static boolean dominates(Sharing.Candidate one, Sharing.Candidate other) {
    if (one.quality().isEmpty() || other.quality().isEmpty()) {
      return false;
    }
    double better = accuracy(one) - accuracy(other);
    double cheaper = macs(other) - macs(one);
    return better >= 0 && cheaper >= 0 && better + cheaper > 0;
  }

  private static double accuracy(Sharing.Candidate candidate) {
    return candidate.quality().orElseThrow().value(Metric.ACCURACY).orElseThrow();
  }

  private static double macs(Sharing.Candidate candidate) {
    return costs(Spaces.wide().parse(candidate.genome())).value(Metric.MACS).orElseThrow();
  }

  @Property(tries = 10)
  void theLatestVersionsAreKeptAndNoOther(
      @ForAll @IntRange(min = 1, max = 5) int lookahead, @ForAll @IntRange(max = 100) int seed) {
    SimulatedSearch search =
        new SimulatedSearch(
            settings(9, 2, lookahead, 4, seed),
            Spaces.wide(),
            proposers(Spaces.wide(), "random", seed),
            3,
            seed,
            0);
    search.run();

    Sharing sharing = search.state().sharing();
    assertThat(sharing.versions()).hasSize(lookahead);
    assertThat(sharing.version(9 - lookahead)).isEmpty();
    assertThat(sharing.version(9)).contains(sharing.versions().get(lookahead - 1));
    assertThat(sharing.paths()).allMatch(path -> path.ended() && path.update().isEmpty());
  }

  @Example
  void aSmallSpaceRunsOutOfCandidatesAndOfTrials() {
    Goals goals = new Goals(List.of(new Objective(Metric.ACCURACY)), List.of());
    SearchSettings settings =
        new SearchSettings(
            goals,
            Budget.ofTrials(50),
            3,
            Order.DETERMINISTIC,
            3,
            OptionalInt.empty(),
            false,
            1,
            0,
            Optional.empty(),
            Optional.of(new SharingSettings(5, 1, 60, 2, 1, 1)),
            Optional.empty());
    SearchSpace space = Spaces.tiny();
    Supplier<Proposer> proposers =
        () ->
            new Proposer(
                space,
                new SharingProposer(
                    space,
                    SharingStrategies.named("random")
                        .orElseThrow()
                        .create(Map.of(), space, goals, 1),
                    Gate.OPEN,
                    genome -> Scorecard.EMPTY,
                    goals,
                    1),
                Gate.OPEN);
    SimulatedSearch search = new SimulatedSearch(settings, space, proposers, 4, 1, 0.1);
    search.run();

    assertThat(search.state().sharing().candidates()).hasSize(10);
    assertThat(search.state().trials().size()).isBetween(7, 10);
    assertThat(search.state().ended().orElseThrow()).contains("candidates that shared weights");
  }

  @Example
  void aSearchInWhichEveryPathBreaksALimitEnds() {
    Gate closed = genome -> new Gate.Infeasible(Scorecard.EMPTY, "too much");
    SearchSpace space = Spaces.wide();
    SharingStrategy strategy =
        SharingStrategies.named("random").orElseThrow().create(Map.of(), space, GOALS, 1);
    SimulatedSearch search =
        new SimulatedSearch(
            settings(5, 6, 2, 2, 1),
            space,
            () ->
                new Proposer(
                    space,
                    new SharingProposer(
                        space, strategy, closed, SharedSearchProperties::costs, GOALS, 1),
                    closed),
            2,
            1,
            0);
    search.run();

    assertThat(search.state().trials()).isEmpty();
    assertThat(search.state().ended().orElseThrow())
        .contains("1,000 paths in a row broke a constraint");
  }

  @Example
  void thePolicyLearnsWhichPathsPay() {
    Goals accuracy = new Goals(List.of(new Objective(Metric.ACCURACY)), List.of());
    SearchSpace space = Spaces.wide();
    SearchSettings settings =
        new SearchSettings(
            accuracy,
            Budget.ofTrials(4),
            4,
            Order.DETERMINISTIC,
            3,
            OptionalInt.empty(),
            false,
            1,
            0,
            Optional.empty(),
            Optional.of(new SharingSettings(500, 1, 20, 2, 1, 1)),
            Optional.empty());
    Supplier<Proposer> proposers =
        () ->
            new Proposer(
                space,
                new SharingProposer(
                    space,
                    SharingStrategies.named("enas")
                        .orElseThrow()
                        .create(Map.of("hidden", 16.), space, accuracy, 3),
                    Gate.OPEN,
                    genome -> Scorecard.EMPTY,
                    accuracy,
                    3),
                Gate.OPEN);
    SimulatedSearch search = new SimulatedSearch(settings, space, proposers, 2, 1, 0);
    search.run();

    List<Sharing.Path> paths = search.state().sharing().paths();
    double early = mean(paths.subList(0, 100));
    double late = mean(paths.subList(400, 500));
    assertThat(late).as("after %s", early).isGreaterThan(early + 0.2);
  }

  private static double mean(List<Sharing.Path> paths) {
    return paths.stream()
        .flatMap(path -> path.reward().stream())
        .mapToDouble(reward -> reward.value(Metric.ACCURACY).orElseThrow())
        .average()
        .orElseThrow();
  }
}
