package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.SearchSettings.Order;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.scorecard.Screen;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ScreeningTest {
  private static final Goals GOALS = new Goals(List.of(new Objective(Metric.ACCURACY)), List.of());
  private static final Prefilter PREFILTER =
      new Prefilter(List.of(Metric.SYNFLOW, Metric.JACOBIAN_COVARIANCE), .5, 10);

  private static SearchSettings settings(int trials, int lookahead) {
    return settings(trials, lookahead, Order.DETERMINISTIC);
  }

  private static SearchSettings settings(int trials, int lookahead, Order order) {
    return new SearchSettings(
            GOALS, Budget.ofTrials(trials), lookahead, order, 3, OptionalInt.empty(), false, 1, 0)
        .with(PREFILTER);
  }

  private static Scorecard scores(double synflow, double jacobian) {
    return Scorecard.EMPTY
        .with(Metric.SYNFLOW, Measurement.exact(synflow))
        .with(Metric.JACOBIAN_COVARIANCE, Measurement.exact(jacobian));
  }

  private static SearchState propose(SearchState state) {
    int step = state.steps().size() + 1;
    int trial = state.trials().size() + 1;
    return state.apply(new SearchEvent.Proposed(step, trial, "g" + trial, 0));
  }

  private static SearchState end(SearchState state, int trial, double accuracy, Scorecard scores) {
    Scorecard card = scores.with(Metric.ACCURACY, Measurement.exact(accuracy));
    return state.apply(new SearchEvent.Scored(TaskId.train(trial), 1, card, List.of(), 0));
  }

  private static SearchState screen(SearchState state, int trial, Scorecard scores) {
    return state.apply(new SearchEvent.Screened(TaskId.train(trial), 1, scores, 0));
  }

  /** Trials whose accuracy rises with synflow and falls with the Jacobian's score. */
  private static SearchState trained(SearchSettings settings, int trials) {
    SearchState state = SearchState.initial(settings);
    for (int trial = 1; trial <= trials; trial++) {
      state = propose(state);
      state = end(state, trial, trial * .01, scores(trial, -trial));
    }
    return state;
  }

  private static Screen next(SearchState state) {
    SearchState more = propose(state);
    return Screening.of(more, TaskId.train(more.trials().size()));
  }

  @Test
  void aScoreThatForetellsIsUsedAndOneThatMisleadsIsDropped() {
    Screen screen = next(trained(settings(50, 1), 12));

    assertThat(screen.seen().keySet()).containsExactly(Metric.SYNFLOW);
    assertThat(screen.passes(scores(6.5, 0))).isFalse();
    assertThat(screen.passes(scores(7, 0))).as("half of those seen").isTrue();
    assertThat(screen.passes(scores(99, -99))).isTrue();
  }

  @Test
  void nothingIsScreenedBeforeEnoughIsTrainedAndKnown() {
    assertThat(next(trained(settings(50, 1), 9))).isEqualTo(Screen.OPEN);
    assertThat(next(trained(settings(50, 1), 10))).isNotEqualTo(Screen.OPEN);
    assertThat(next(trained(settings(50, 4), 12))).isEqualTo(Screen.OPEN);
    assertThat(next(trained(settings(50, 4), 13))).isNotEqualTo(Screen.OPEN);
  }

  @Test
  void aScreenDependsOnTheOutcomesUpToTheLookaheadAlone() {
    SearchState known = trained(settings(50, 3), 12);
    SearchState three = propose(propose(propose(known)));
    TaskId last = TaskId.train(15);
    Screen before = Screening.of(three, last);
    SearchState later = end(three, 14, .5, scores(-100, 100));
    later = end(later, 15, .9, scores(-100, 100));

    assertThat(before.seen().get(Metric.SYNFLOW)).hasSize(12);
    assertThat(Screening.of(later, last)).isEqualTo(before);
  }

  @Test
  void inOrderOfArrivalAllThatIsKnownCounts() {
    SearchState known = trained(settings(50, 3, Order.ARRIVAL), 12);

    assertThat(next(known).seen().get(Metric.SYNFLOW)).hasSize(12);
  }

  @Test
  void aWeakOrInsignificantCorrelationIsNotFollowed() {
    assertThat(Screening.isUsed(OptionalDouble.empty(), 100)).isFalse();
    assertThat(Screening.isUsed(OptionalDouble.of(.19), 10_000)).isFalse();
    assertThat(Screening.isUsed(OptionalDouble.of(.2), 10_000)).isTrue();
    // 1.64 / sqrt(19) = .376
    assertThat(Screening.isUsed(OptionalDouble.of(.37), 20)).isFalse();
    assertThat(Screening.isUsed(OptionalDouble.of(.38), 20)).isTrue();
    assertThat(Screening.isUsed(OptionalDouble.of(-.9), 1000)).isFalse();
  }

  @Test
  void anErrorRanksTheOtherWayRound() {
    SearchSettings regression =
        new SearchSettings(
                new Goals(List.of(new Objective(Metric.MAE)), List.of()),
                Budget.ofTrials(9),
                1,
                Order.DETERMINISTIC,
                3,
                OptionalInt.empty(),
                false,
                1,
                0)
            .with(PREFILTER);
    SearchState state = SearchState.initial(regression);
    for (int trial = 1; trial <= 4; trial++) {
      Scorecard card = scores(trial, -trial).with(Metric.MAE, Measurement.exact(9 - trial));
      state =
          propose(state).apply(new SearchEvent.Scored(TaskId.train(trial), 1, card, List.of(), 0));
    }

    assertThat(Screening.correlations(regression, state.trials()))
        .containsEntry(Metric.SYNFLOW, OptionalDouble.of(1))
        .containsEntry(Metric.JACOBIAN_COVARIANCE, OptionalDouble.of(-1));
  }

  @Test
  void atLeastTheShareThatIsToBeKeptIsTrained() {
    SearchState state = trained(settings(50, 1), 10);
    int screened = 0;
    while (!next(state).equals(Screen.OPEN)) {
      state = propose(state);
      state = screen(state, state.trials().size(), scores(0, 0));
      screened++;
    }

    assertThat(screened).isEqualTo(11); // 10 of 21 are less than half
    state = propose(state);
    state = state.apply(failed(state.trials().size()));
    assertThat(next(state)).as("11 of 22, one of which failed").isNotEqualTo(Screen.OPEN);
  }

  private static SearchEvent failed(int trial) {
    return new SearchEvent.Failed(TaskId.train(trial), 1, FailureKind.DIVERGED, "nan", 0);
  }

  @Test
  void whatEarlierRunsFoundGoodIsTrainedAgainUnscreened() {
    SearchState state =
        SearchState.initial(settings(50, 1))
            .apply(
                new SearchEvent.Learned("old/1", "g11", Scorecard.EMPTY, Optional.empty(), true));
    for (int i = 0; i < 11; i++) {
      state =
          state.apply(
              new SearchEvent.Learned(
                  "old/" + i, "g" + i, Scorecard.EMPTY, Optional.empty(), true));
    }
    for (int trial = 1; trial <= 11; trial++) {
      state = propose(state);
      state = end(state, trial, trial * .01, scores(trial, -trial));
    }

    assertThat(next(state)).isEqualTo(Screen.OPEN);
    assertThat(next(end(propose(state), 12, .2, scores(12, -12)))).isNotEqualTo(Screen.OPEN);
  }

  @Test
  void whatIsScreenedOutUsesUpNoBudgetOnceItIsKnown() {
    SearchState state = trained(settings(12, 2), 11);
    state = propose(state);
    assertThat(state.mayPropose()).isFalse();
    state = screen(state, 12, scores(0, 0));

    assertThat(state.mayPropose()).as("not known yet to step 13").isFalse();
    assertThat(state.phase()).isEqualTo(Phase.SEARCHING);
    assertThat(state.canStep()).isTrue();
    state = state.apply(new SearchEvent.Idled(13, 0));
    assertThat(state.mayPropose()).isTrue();
    state = end(propose(state), 13, .5, scores(13, -13));

    assertThat(state.counts().finished()).isEqualTo(12);
    assertThat(state.counts().screened()).isEqualTo(1);
    assertThat(state.canStep()).as("trial 13 is not known to step 15").isTrue();
    state = state.apply(new SearchEvent.Idled(15, 0));
    assertThat(state.canStep()).isFalse();
    assertThat(state.phase()).isEqualTo(Phase.MEASURING);
  }

  @Test
  void theTrialKeepsItsScoresAndIsNoMemberOfTheFrontier() {
    SearchState state = screen(propose(trained(settings(50, 1), 10)), 11, scores(1, 2));
    Trial trial = state.trial(11).orElseThrow();

    assertThat(trial.status()).isEqualTo(Trial.Status.SCREENED);
    assertThat(trial.trained()).isEqualTo(scores(1, 2));
    assertThat(state.isTerminal(TaskId.train(11))).isTrue();
    assertThat(state.frontier().contains(11)).isFalse();
  }
}
