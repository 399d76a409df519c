package io.skyline.coordinator.actor;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.Samples;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ProgressEstimateTest {
  private static final SearchCommand.Situation ONE_WORKER = new SearchCommand.Situation(1, 1);

  private Duration now = Duration.ofDays(1);

  private static SearchSettings settings(Budget budget) {
    return new SearchSettings(
        Samples.GOALS, budget, 16, SearchSettings.Order.ARRIVAL, 3, OptionalInt.of(5), true, 1, 0);
  }

  private static SearchState proposed(Budget budget, int trials) {
    SearchState state = SearchState.initial(settings(budget)).apply(Samples.started());
    for (int trial = 1; trial <= trials; trial++) {
      state = state.apply(new SearchEvent.Proposed(trial, trial, "g" + trial, 0));
    }
    return state;
  }

  private static SearchState scored(SearchState state, TaskId task, double accuracy, double size) {
    return state.apply(
        new SearchEvent.Scored(task, 1, Samples.scores(accuracy, 100, size), List.of(), 0));
  }

  private ProgressEstimate estimate(SearchState atBegin, Duration spentBefore) {
    return new ProgressEstimate("t", s -> "", () -> now.toNanos(), atBegin, spentBefore);
  }

  @Test
  void trialsAreProjectedFromThoseOfThisProcess() {
    SearchState begun = scored(proposed(Budget.ofTrials(10), 10), TaskId.train(1), .5, 500);
    ProgressEstimate estimate = estimate(begun, Duration.ZERO);
    now = now.plusSeconds(20);
    SearchState two = scored(begun, TaskId.train(2), .6, 500);
    assertThat(estimate.of(two, ONE_WORKER).left()).as("one is too few").isEmpty();
    SearchState three = scored(two, TaskId.train(3), .7, 500);
    assertThat(estimate.of(three, ONE_WORKER).left()).contains(Duration.ofSeconds(70));
  }

  @Test
  void rungsAreProjectedByEpochs() {
    SearchSettings rungs = settings(Budget.ofTrials(10)).with(new Halving(1, 3, 9));
    SearchState state = SearchState.initial(rungs).apply(Samples.started());
    ProgressEstimate estimate = estimate(state, Duration.ZERO);
    now = now.plusSeconds(40);
    state = state.apply(new SearchEvent.Proposed(1, 1, "g1", 0));
    state = scored(state, TaskId.train(1), .5, 500);
    for (int trial = 2; trial <= 10; trial++) {
      state = state.apply(new SearchEvent.Proposed(trial, trial, "g" + trial, 1, 0, 0));
      state = reached(state, TaskId.train(trial), 1);
      assertThat(estimate.of(state, ONE_WORKER).left().isPresent()).isEqualTo(trial == 10);
      if (trial == 5) {
        state = state.apply(new SearchEvent.Extended(1, 0));
      }
    }
    // 18 of the 9 + 10 + 20 / 3 + 20 / 3 epochs that eleven trials should take, in 40 s
    assertThat(estimate.of(state, ONE_WORKER).left().orElseThrow())
        .isBetween(Duration.ofMillis(31_800), Duration.ofMillis(31_900));
    TaskId second = new TaskId(TaskId.Kind.TRAIN, 2, 2);
    state = state.apply(new SearchEvent.Proposed(11, 11, "g11", 1, 0, 0));
    state = state.apply(new SearchEvent.Promoted(12, second, 3, 0));
    // now only what runs is certain: one epoch and two
    state = reached(state, TaskId.train(11), 1);
    assertThat(estimate.of(state, ONE_WORKER).left().orElseThrow())
        .isEqualTo(Duration.ofSeconds(40).multipliedBy(2).dividedBy(19));
  }

  private static SearchState reached(SearchState state, TaskId task, int epochs) {
    return state.apply(
        new SearchEvent.RungReached(
            task, 1, epochs, Samples.scores(.5, 100, 500), new Artifact("checkpoint", "c", 1), 0));
  }

  @Test
  void aBudgetOfTimeCountsWhatWasSpentBefore() {
    SearchState begun = proposed(Budget.ofTime(Duration.ofMinutes(10)), 1);
    ProgressEstimate estimate = estimate(begun, Duration.ofMinutes(3));
    assertThat(estimate.of(begun, ONE_WORKER).left()).contains(Duration.ofMinutes(7));
    now = now.plusSeconds(60);
    assertThat(estimate.of(begun, ONE_WORKER).left()).contains(Duration.ofMinutes(6));
    now = now.plus(Duration.ofHours(1));
    assertThat(estimate.of(begun, ONE_WORKER).left()).contains(Duration.ZERO);
  }

  @Test
  void theFinalPassesAreProjectedFromThemselves() {
    SearchState refitting = proposed(Budget.ofTrials(3), 3);
    for (int trial = 1; trial <= 3; trial++) {
      refitting = scored(refitting, TaskId.train(trial), .5 + .1 * trial, 300 + trial);
    }
    assertThat(refitting.phase()).isEqualTo(Phase.REFITTING);
    ProgressEstimate estimate = estimate(refitting, Duration.ZERO);
    assertThat(estimate.of(refitting, ONE_WORKER).left()).isEmpty();
    now = now.plusSeconds(40);
    SearchState one = scored(refitting, new TaskId(TaskId.Kind.REFIT, 1, 1), .9, 301);
    SearchProgress progress = estimate.of(one, ONE_WORKER);
    assertThat(progress.message()).isEqualTo("2 of the frontier's models to go");
    assertThat(progress.left()).contains(Duration.ofSeconds(80));
  }
}
