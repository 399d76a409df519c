package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class HalvingTest {
  private static final SearchSettings SETTINGS =
      SearchSettings.of(Samples.EXACT, 4, 1).with(new Halving(1, 3, 9));
  private static final Artifact CHECKPOINT = new Artifact("checkpoint", "ab", 10);

  private static SearchState state(SearchEvent... events) {
    return SearchState.of(SETTINGS, List.of(events));
  }

  private static SearchEvent proposed(int trial, int epochs) {
    return new SearchEvent.Proposed(trial, trial, "g" + trial, epochs, 0, 0);
  }

  private static SearchEvent reached(TaskId task, int epochs, double accuracy) {
    return new SearchEvent.RungReached(
        task, 1, epochs, Samples.scores(accuracy, 1, 100), CHECKPOINT, 0);
  }

  @Test
  void rungsLeadToTheFullTraining() {
    assertThat(new Halving(1, 3, 9).rungs()).containsExactly(1, 3, 9);
    assertThat(new Halving(1, 3, 12).rungs()).containsExactly(1, 3, 12);
    assertThat(new Halving(3, 3, 90).rungs()).containsExactly(3, 9, 27, 90);
    assertThat(new Halving(2, 2, 4).rungs()).containsExactly(2, 4);
    assertThat(Halving.usualFrom(90, 3)).isEqualTo(3);
    assertThat(Halving.usualFrom(9, 3)).isEqualTo(1);
    assertThatThrownBy(() -> new Halving(4, 3, 9))
        .hasMessage("rungs from 4 by 3 do not lead to 9 epochs");
    // one to the end, nine begin, three go to 3 epochs, one to 9
    assertThat(new Halving(1, 3, 9).expectedEpochs(10)).isEqualTo(9 + 9 + 3 * 2 + 6);
  }

  @Test
  void aTrialPausesIsPromotedAndIsScored() {
    TaskId second = new TaskId(TaskId.Kind.TRAIN, 1, 2);
    SearchState paused = state(proposed(1, 1), reached(TaskId.train(1), 1, .5));
    Trial trial = paused.trial(1).orElseThrow();
    assertThat(trial.status()).isEqualTo(Trial.Status.PAUSED);
    assertThat(trial.checkpoint()).hasValue(CHECKPOINT);
    assertThat(paused.frontier().members()).isEmpty();
    assertThat(paused.counts().paused()).isEqualTo(1);
    assertThat(paused.arrivals()).containsExactly(1L);
    assertThat(paused.openTasks()).isEmpty();
    SearchState climbing = paused.apply(new SearchEvent.Promoted(2, second, 0, 0));
    assertThat(climbing.openTasks()).containsExactly(second);
    assertThat(climbing.counts().paused()).isZero();
    SearchState scored =
        climbing.apply(new SearchEvent.Scored(second, 1, Samples.scores(.7, 1, 100), List.of(), 0));
    assertThat(scored.arrivals()).containsExactly(1L, 2L);
    assertThat(scored.trial(1).orElseThrow().ladder().rungs())
        .extracting(Ladder.Rung::epochs)
        .containsExactly(1);
    assertThat(scored.trial(1).orElseThrow().checkpoint()).isEmpty();
    assertThat(scored.frontier().members()).extracting(Trial::number).containsExactly(1);
  }

  @Test
  void whatIsNeverPromotedEndsStoppedWithItsNumbers() {
    SearchState state =
        state(
            proposed(1, 1),
            proposed(2, 1),
            reached(TaskId.train(1), 1, .5),
            new SearchEvent.Retired(3, 0));
    Trial retired = state.trial(1).orElseThrow();
    assertThat(retired.status()).isEqualTo(Trial.Status.STOPPED);
    assertThat(retired.trained().value(io.skyline.scorecard.Metric.ACCURACY)).hasValue(.5);
    assertThat(retired.checkpoint()).isEmpty();
    assertThat(state.trial(2).orElseThrow().status()).isEqualTo(Trial.Status.OPEN);
    assertThat(state.counts().stopped()).isEqualTo(1);
    TaskId second = new TaskId(TaskId.Kind.TRAIN, 1, 2);
    assertThatThrownBy(() -> state.apply(new SearchEvent.Promoted(4, second, 0, 0)))
        .hasMessage("trial 1 is not paused");
  }

  @Test
  void aPromotionSkipsNoRound() {
    SearchState paused = state(proposed(1, 1), reached(TaskId.train(1), 1, .5));
    TaskId third = new TaskId(TaskId.Kind.TRAIN, 1, 3);
    assertThatThrownBy(() -> paused.apply(new SearchEvent.Promoted(2, third, 0, 0)))
        .hasMessage("train-1-3 does not come next");
  }

  @Test
  void aRungReportedTwiceCountsOnce() {
    SearchState paused = state(proposed(1, 1), reached(TaskId.train(1), 1, .5));
    SearchState again = paused.apply(reached(TaskId.train(1), 1, .9));
    assertThat(again.trials()).isEqualTo(paused.trials());
    assertThat(again.arrivals()).isEqualTo(paused.arrivals());
  }

  @Test
  void invariantsKnowThatATrialHasOneOutcome() {
    List<SearchEvent> journal =
        List.of(proposed(1, 1), reached(TaskId.train(1), 1, .5), new SearchEvent.Ended("", 0));
    assertThat(Invariants.check(SETTINGS, journal))
        .containsExactly("I1: trial 1 has no outcome, and the search is over");
    List<SearchEvent> retired =
        List.of(
            proposed(1, 1),
            reached(TaskId.train(1), 1, .5),
            new SearchEvent.Retired(2, 0),
            new SearchEvent.Ended("", 0));
    assertThat(Invariants.check(SETTINGS, retired)).isEmpty();
  }
}
