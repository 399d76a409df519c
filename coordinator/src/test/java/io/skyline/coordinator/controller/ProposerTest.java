package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Outcome;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchSettings.Order;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProposerTest {
  private static final Goals GOALS = Spaces.ACCURACY;

  /** Writes down what it was told before each proposal. */
  private static final class Recorder implements Controller {
    private final Controller random = new RandomSearch(Spaces.wide(), 1);
    private final List<Long> observed = new ArrayList<>();
    private final List<List<Long>> known = new ArrayList<>();
    private final List<Integer> pending = new ArrayList<>();

    @Override
    public Proposal propose(long step, Pending now) {
      known.add(List.copyOf(observed));
      pending.add(now.genomes().size());
      return random.propose(step, now);
    }

    @Override
    public void observe(Outcome outcome) {
      observed.add(outcome.step());
      random.observe(outcome);
    }
  }

  private static SearchSettings settings(int trials, int lookahead, Order order) {
    return new SearchSettings(
        GOALS, Budget.ofTrials(trials), lookahead, order, 3, OptionalInt.empty(), true, 1, 0);
  }

  private static SearchState apply(SearchState state, List<SearchEvent> events) {
    SearchState next = state;
    for (SearchEvent event : events) {
      next = next.apply(event);
    }
    return next;
  }

  private static SearchState scored(SearchState state, int trial) {
    Scorecard scorecard = Scorecard.EMPTY.with(Metric.ACCURACY, Measurement.exact(.5));
    return state.apply(new SearchEvent.Scored(TaskId.train(trial), 1, scorecard, List.of(), 0));
  }

  /** Rejects every second step: 2, 4, 6, ... as random search never looks back. */
  private static Gate everySecond() {
    int[] judged = {0};
    return genome ->
        ++judged[0] % 2 == 0 ? new Gate.Infeasible(Scorecard.EMPTY, "even") : new Gate.Feasible();
  }

  @Test
  void aTrialKnowsExactlyTheOutcomesBeforeItsWindowHoweverManyThereAre() {
    Recorder controller = new Recorder();
    Proposer proposer = new Proposer(Spaces.wide(), controller, Gate.OPEN);
    SearchState state = SearchState.initial(settings(6, 3, Order.DETERMINISTIC));
    state = apply(state, proposer.advance(state, 0));
    assertThat(state.trials()).hasSize(3);
    assertThat(proposer.advance(state, 0)).isEmpty();

    // out of order: trial 4 waits for trial 1 and then knows no other
    state = scored(scored(state, 3), 2);
    assertThat(proposer.advance(state, 0)).isEmpty();
    state = scored(state, 1);
    state = apply(state, proposer.advance(state, 0));
    assertThat(state.trials()).hasSize(6);
    assertThat(controller.known)
        .containsExactly(
            List.of(), List.of(), List.of(), List.of(1L), List.of(1L, 2L), List.of(1L, 2L, 3L));
    assertThat(controller.pending).containsExactly(0, 1, 2, 2, 2, 2);
  }

  @Test
  void theWindowCountsTrialsAndRejectionsAreKnownAtOnce() {
    Recorder controller = new Recorder();
    Proposer proposer = new Proposer(Spaces.wide(), controller, everySecond());
    SearchState state = SearchState.initial(settings(4, 2, Order.DETERMINISTIC));
    state = apply(state, proposer.advance(state, 0));
    // steps 1 and 3 are trials, 2 was rejected
    assertThat(state.counts().proposed()).isEqualTo(2);
    assertThat(state.counts().rejected()).isEqualTo(1);
    state = scored(scored(state, 1), 2);
    apply(state, proposer.advance(state, 0));
    assertThat(controller.known)
        .containsExactly(
            List.of(),
            List.of(),
            List.of(2L),
            List.of(2L, 1L),
            List.of(2L, 1L, 4L),
            List.of(2L, 1L, 4L, 3L),
            List.of(2L, 1L, 4L, 3L, 6L));
  }

  @Test
  void orderOfArrivalKnowsAllThereIsAndKeepsOneTrainingInReserve() {
    Recorder controller = new Recorder();
    Proposer proposer = new Proposer(Spaces.wide(), controller, Gate.OPEN);
    SearchState state = SearchState.initial(settings(6, 16, Order.ARRIVAL));
    for (int trial = 1; trial <= 3; trial++) {
      state = apply(state, proposer.advance(state, 0));
      assertThat(state.trials()).hasSize(trial);
      state = state.apply(new SearchEvent.Leased(TaskId.train(trial), 1, "w", 0));
    }
    state = scored(scored(state, 3), 1);
    apply(state, proposer.advance(state, 0));
    assertThat(controller.known).last().isEqualTo(List.of(3L, 1L));
    assertThat(controller.pending).last().isEqualTo(1);
  }

  @Test
  void aThousandRejectionsInARowEndTheSearchWithTheNearestMisses() {
    Goals limited =
        new Goals(
            GOALS.objectives(),
            List.of(
                new io.skyline.coordinator.search.Constraint(
                    Metric.MACS, io.skyline.coordinator.search.Constraint.Bound.AT_MOST, 900)));
    SearchState state = SearchState.initial(SearchSettings.of(limited, 5, 1));
    Proposer proposer =
        new Proposer(
            Spaces.wide(),
            new RandomSearch(Spaces.wide(), 1),
            new ExactCostGate(limited, Spaces::value));
    List<SearchEvent> events = proposer.advance(state, 0);
    while (!events.isEmpty()) {
      state = apply(state, events);
      events = proposer.advance(state, 0);
    }
    assertThat(state.phase()).isEqualTo(Phase.ENDED);
    assertThat(state.counts().rejected()).isEqualTo(1000);
    assertThat(state.ended()).contains("1,000 proposals in a row broke a constraint");
    assertThat(state.nearestMisses(3))
        .hasSize(3)
        .isSortedAccordingTo(
            java.util.Comparator.comparingDouble(
                io.skyline.coordinator.search.NearMiss::violation));
    double least =
        state.steps().stream()
            .map(step -> ((SearchEvent.Rejected) step).exact().value(Metric.MACS))
            .mapToDouble(java.util.OptionalDouble::orElseThrow)
            .min()
            .orElseThrow();
    assertThat(state.nearestMisses(1).get(0).scorecard().value(Metric.MACS)).hasValue(least);
    assertThat(((SearchEvent.Rejected) state.steps().get(0)).reason())
        .matches("macs [1-9.]+ k is above its limit of 900");

    // more trials open it again, for another thousand
    state = state.apply(new SearchEvent.Extended(1, 0));
    assertThat(proposer.advance(state, 0)).first().isInstanceOf(SearchEvent.Rejected.class);
  }

  @Test
  void anExhaustedSpaceEndsTheSearchOnceItsTrialsHaveEnded() {
    SearchSpace space = Spaces.tiny();
    SearchState state = SearchState.initial(settings(50, 16, Order.DETERMINISTIC));
    Proposer proposer = new Proposer(space, new RandomSearch(space, 1), Gate.OPEN);
    state = apply(state, proposer.advance(state, 0));
    assertThat(state.trials()).hasSize(10);
    assertThat(state.closed()).contains("all 10 genomes of space 'tiny' were tried");
    for (int trial = 1; trial <= 10; trial++) {
      assertThat(state.phase()).isEqualTo(Phase.SEARCHING);
      state = scored(state, trial);
    }
    assertThat(state.phase()).isEqualTo(Phase.TESTING);
  }

  @Test
  void afterItsTimeASearchStopsWhatWaitsAndLetsEndWhatRuns() {
    SearchState state = SearchState.initial(settings(50, 3, Order.DETERMINISTIC));
    Proposer proposer = new Proposer(Spaces.wide(), new RandomSearch(Spaces.wide(), 1), Gate.OPEN);
    state = apply(state, proposer.advance(state, 0));
    state = state.apply(new SearchEvent.Leased(TaskId.train(1), 1, "w", 0));
    state = state.apply(new SearchEvent.TimeExpired(0));
    assertThat(state.openTasks()).isEmpty();
    state = apply(state, proposer.advance(state, 0));
    assertThat(state.counts().stopped()).isEqualTo(2);
    assertThat(state.phase()).isEqualTo(Phase.SEARCHING);
    state = scored(state, 1);
    assertThat(state.phase()).isEqualTo(Phase.TESTING);
    assertThat(state.openTasks()).containsExactly(new TaskId(TaskId.Kind.TEST, 1, 1));
  }

  @Test
  void aBatchStaysSmall() {
    SearchState state = SearchState.initial(settings(5, 3, Order.DETERMINISTIC));
    Proposer proposer =
        new Proposer(
            Spaces.wide(),
            new RandomSearch(Spaces.wide(), 1),
            genome -> new Gate.Infeasible(Scorecard.EMPTY, "no"));
    assertThat(proposer.advance(state, 0)).hasSize(256);
  }
}
