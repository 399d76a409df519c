package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Scorecard;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SearchStateTest {
  private static final TaskId TRAIN = TaskId.train(1);

  static SearchSettings settings(int trials, OptionalInt finalEpochs) {
    return new SearchSettings(
        Samples.GOALS,
        Budget.ofTrials(trials),
        16,
        SearchSettings.Order.DETERMINISTIC,
        3,
        finalEpochs,
        true,
        1,
        0);
  }

  static SearchState proposed(SearchSettings settings, int trials) {
    SearchState state = SearchState.initial(settings).apply(Samples.started());
    for (int trial = 1; trial <= trials; trial++) {
      state = state.apply(new SearchEvent.Proposed(trial, trial, "g" + trial, 0));
    }
    return state;
  }

  static SearchEvent scored(TaskId task, Scorecard scorecard) {
    return new SearchEvent.Scored(
        task, 1, scorecard, List.of(new Artifact(task.text(), "00", 1)), 0);
  }

  private static SearchState leased(SearchState state, TaskId task, String worker) {
    return state.apply(new SearchEvent.Leased(task, state.nextAttempt(task), worker, 0));
  }

  private static SearchState applied(SearchState state, List<SearchEvent> events) {
    SearchState next = state;
    for (SearchEvent event : events) {
      next = next.apply(event);
    }
    return next;
  }

  @Test
  void handsOutTrainingsInOrderAndNotTheLeasedOnes() {
    SearchState state = proposed(settings(3, OptionalInt.empty()), 3);
    assertThat(state.openTasks())
        .extracting(TaskId::text)
        .containsExactly("train-1", "train-2", "train-3");
    state = leased(state, TaskId.train(2), "w");
    assertThat(state.openTasks()).extracting(TaskId::text).containsExactly("train-1", "train-3");
    assertThat(state.leases()).containsExactly(new Lease(TaskId.train(2), 1, "w", 0));
    assertThat(state.counts().running()).isEqualTo(1);
  }

  @Test
  void theFirstEndOfATaskWinsAndLaterOnesAreDuplicates() {
    SearchState state = leased(proposed(settings(3, OptionalInt.empty()), 3), TRAIN, "w");
    state = state.apply(scored(TRAIN, Samples.scores(.5, 100, 500)));
    assertThat(state.isTerminal(TRAIN)).isTrue();
    SearchState again = state.apply(scored(TRAIN, Samples.scores(.9, 1, 1)));
    again = again.apply(new SearchEvent.Failed(TRAIN, 1, FailureKind.CRASHED, "late", 0));
    assertThat(again.trials()).isEqualTo(state.trials());
    assertThat(again.counts()).isEqualTo(state.counts());
    assertThat(again.frontier().members()).isEqualTo(state.frontier().members());
    assertThat(again.failed(TRAIN, 1, FailureKind.CRASHED, "late", 0)).isEmpty();
  }

  @Test
  void aReportOfALostAttemptStillCounts() {
    SearchState state = leased(proposed(settings(3, OptionalInt.empty()), 3), TRAIN, "w1");
    state = applied(state, state.failed(TRAIN, 1, FailureKind.WORKER_LOST, "silent", 0));
    state = leased(state, TRAIN, "w2");
    assertThat(state.workersTried(TRAIN)).containsExactly("w1", "w2");
    state = state.apply(scored(TRAIN, Samples.scores(.5, 100, 500)));
    assertThat(state.counts().scored()).isEqualTo(1);
    assertThat(state.leases()).isEmpty();
  }

  @Test
  void aTaskFailsWithItsLastAttempt() {
    SearchState state = proposed(settings(3, OptionalInt.empty()), 3);
    for (int attempt = 1; attempt <= 2; attempt++) {
      state = leased(state, TRAIN, "w" + attempt);
      List<SearchEvent> events = state.failed(TRAIN, attempt, FailureKind.CRASHED, "9", 0);
      assertThat(events)
          .containsExactly(new SearchEvent.LeaseEnded(TRAIN, attempt, "CRASHED: 9", true, 0));
      state = applied(state, events);
      assertThat(state.attemptsLost(TRAIN)).isEqualTo(attempt);
      assertThat(state.openTasks()).contains(TRAIN);
    }
    state = leased(state, TRAIN, "w3");
    List<SearchEvent> last = state.failed(TRAIN, 3, FailureKind.CRASHED, "9", 0);
    assertThat(last).containsExactly(new SearchEvent.Failed(TRAIN, 3, FailureKind.CRASHED, "9", 0));
    state = applied(state, last);
    assertThat(state.trial(1).orElseThrow().status()).isEqualTo(Trial.Status.FAILED);
    assertThat(state.trial(1).orElseThrow().failure())
        .contains(new Failure(FailureKind.CRASHED, "9"));
  }

  @Test
  void aDrainedWorkerCostsNoAttempt() {
    SearchState state = leased(proposed(settings(3, OptionalInt.empty()), 3), TRAIN, "w");
    state = state.apply(new SearchEvent.LeaseEnded(TRAIN, 1, "drained", false, 0));
    assertThat(state.attemptsLost(TRAIN)).isZero();
    assertThat(state.nextAttempt(TRAIN)).isEqualTo(2);
    assertThat(state.openTasks()).contains(TRAIN);
  }

  @Test
  void theCandidatesOwnFaultIsNotTriedAgain() {
    SearchState state = leased(proposed(settings(3, OptionalInt.empty()), 3), TRAIN, "w");
    assertThat(state.failed(TRAIN, 1, FailureKind.DIVERGED, "nan", 0))
        .containsExactly(new SearchEvent.Failed(TRAIN, 1, FailureKind.DIVERGED, "nan", 0));
  }

  @Test
  void aFailureOfALeaseThatIsOverIsNotCountedTwice() {
    SearchState state = leased(proposed(settings(3, OptionalInt.empty()), 3), TRAIN, "w");
    state = applied(state, state.failed(TRAIN, 1, FailureKind.CRASHED, "9", 0));
    assertThat(state.failed(TRAIN, 1, FailureKind.CRASHED, "9", 0)).isEmpty();
    assertThat(state.apply(new SearchEvent.LeaseEnded(TRAIN, 1, "", true, 0)).attemptsLost(TRAIN))
        .isEqualTo(1);
  }

  @Test
  void eventsThatCannotFollowAreRefused() {
    SearchState state = proposed(settings(3, OptionalInt.empty()), 1);
    assertThatThrownBy(() -> state.apply(new SearchEvent.Proposed(3, 2, "g", 0)))
        .hasMessage("step 3 is not the one after 1");
    assertThatThrownBy(() -> state.apply(new SearchEvent.Proposed(2, 3, "g", 0)))
        .hasMessage("trial 3 is not the one after 1");
    assertThatThrownBy(() -> state.apply(scored(TaskId.train(2), Scorecard.EMPTY)))
        .hasMessage("train-2 was never to be done");
    assertThatThrownBy(
            () -> state.apply(scored(new TaskId(TaskId.Kind.TEST, 1, 1), Scorecard.EMPTY)))
        .hasMessage("test-1 was never to be done");
  }

  @Test
  void cancellingHandsNothingOutUntilResumed() {
    SearchState state = leased(proposed(settings(4, OptionalInt.empty()), 3), TRAIN, "w");
    SearchState cancelled = state.apply(new SearchEvent.Cancelled(0));
    assertThat(cancelled.phase()).isEqualTo(Phase.CANCELLED);
    assertThat(cancelled.openTasks()).isEmpty();
    assertThat(cancelled.canStep()).isFalse();
    // what still comes in is kept
    cancelled = cancelled.apply(scored(TRAIN, Samples.scores(.5, 100, 500)));
    assertThat(cancelled.counts().scored()).isEqualTo(1);
    SearchState resumed = cancelled.apply(new SearchEvent.Resumed(0));
    assertThat(resumed.phase()).isEqualTo(Phase.SEARCHING);
    assertThat(resumed.openTasks()).hasSize(2);
    assertThat(resumed.canStep()).isTrue();
  }

  @Test
  void extendingReopensAnEndedSearch() {
    SearchState state = proposed(settings(1, OptionalInt.empty()), 1);
    state = state.apply(scored(TRAIN, Samples.scores(.5, 100, 500)));
    assertThat(state.mayPropose()).isFalse();
    SearchState ended = state.apply(new SearchEvent.Ended("", 0));
    assertThat(ended.phase()).isEqualTo(Phase.ENDED);
    assertThat(ended.openTasks()).isEmpty();
    SearchState extended = ended.apply(new SearchEvent.Extended(2, 0));
    assertThat(extended.phase()).isEqualTo(Phase.SEARCHING);
    assertThat(extended.budget()).isEqualTo(3);
    assertThat(extended.canStep()).isTrue();
  }

  @Test
  void foldsThousandsOfTrialsInAMoment() {
    int trials = 20_000;
    SearchState state = SearchState.initial(settings(trials, OptionalInt.empty()));
    long before = System.nanoTime();
    for (int trial = 1; trial <= trials; trial++) {
      TaskId task = TaskId.train(trial);
      state = state.apply(new SearchEvent.Proposed(trial, trial, "g" + trial, 0));
      state = state.apply(new SearchEvent.Leased(task, 1, "w", 0));
      state =
          state.apply(scored(task, Samples.scores((trial % 997) / 1000., 100, 100 + trial % 499)));
    }
    assertThat(state.counts().scored()).isEqualTo(trials);
    // a copy of the trials at every event would take minutes
    assertThat((System.nanoTime() - before) / 1e9).isLessThan(15);
  }
}
