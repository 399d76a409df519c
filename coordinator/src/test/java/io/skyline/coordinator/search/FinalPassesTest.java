package io.skyline.coordinator.search;

import static io.skyline.coordinator.search.SearchStateTest.proposed;
import static io.skyline.coordinator.search.SearchStateTest.scored;
import static io.skyline.coordinator.search.SearchStateTest.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FinalPassesTest {
  /** Trials 1 and 2 are members, 3 is dominated by 1. */
  private static SearchState trained(OptionalInt finalEpochs) {
    return proposed(settings(3, finalEpochs), 3)
        .apply(scored(TaskId.train(1), Samples.scores(.9, 150, 500)))
        .apply(scored(TaskId.train(2), Samples.scores(.5, 100, 200)))
        .apply(scored(TaskId.train(3), Samples.scores(.8, 150, 500)));
  }

  private static SearchEvent refit(int trial, Scorecard scorecard) {
    return scored(new TaskId(TaskId.Kind.REFIT, trial, 1), scorecard);
  }

  private static SearchEvent measured(int trial, int round, double latency, boolean confident) {
    return scored(
        new TaskId(TaskId.Kind.MEASURE, trial, round),
        Scorecard.EMPTY.with(Metric.LATENCY, new Measurement(latency, .02, confident)));
  }

  private static SearchEvent tested(int trial, double accuracy) {
    return scored(
        new TaskId(TaskId.Kind.TEST, trial, 1),
        Scorecard.EMPTY
            .with(Metric.TEST_ACCURACY, Measurement.exact(accuracy))
            .with(Metric.ACCURACY, Measurement.exact(.01)));
  }

  private static List<String> open(SearchState state) {
    return state.openTasks().stream().map(TaskId::text).toList();
  }

  @Test
  void membersAreRefittedThenMeasuredThenTested() {
    SearchState state = trained(OptionalInt.of(9));
    assertThat(state.phase()).isEqualTo(Phase.REFITTING);
    assertThat(open(state)).containsExactly("refit-1", "refit-2");
    state = state.apply(refit(1, Samples.scores(.95, 150, 500)));
    assertThat(open(state)).containsExactly("refit-2");
    state = state.apply(refit(2, Samples.scores(.6, 100, 200)));
    assertThat(state.phase()).isEqualTo(Phase.MEASURING);
    assertThat(open(state)).containsExactly("measure-1", "measure-2");
    state = state.apply(measured(1, 1, 151, true)).apply(measured(2, 1, 101, true));
    assertThat(state.phase()).isEqualTo(Phase.TESTING);
    assertThat(open(state)).containsExactly("test-1", "test-2");
    state = state.apply(tested(1, .93)).apply(tested(2, .58));
    assertThat(state.phase()).isEqualTo(Phase.FINISHED);

    Trial first = state.trial(1).orElseThrow();
    assertThat(first.scorecard().value(Metric.ACCURACY)).hasValue(.95);
    assertThat(first.scorecard().value(Metric.LATENCY)).hasValue(151);
    assertThat(first.scorecard().value(Metric.TEST_ACCURACY)).hasValue(.93);
    assertThat(first.artifacts())
        .extracting(Artifact::name)
        .containsExactly("refit-1", "measure-1", "test-1");
    // controllers keep learning what training said
    assertThat(first.trained()).isEqualTo(Samples.scores(.9, 150, 500));
  }

  @Test
  void theMostAccurateAreRefittedFirstAndAmongEqualsTheEarliest() {
    SearchState state =
        proposed(settings(4, OptionalInt.of(9)), 4)
            .apply(scored(TaskId.train(1), Samples.scores(.5, 100, 200)))
            .apply(scored(TaskId.train(2), Samples.scores(.9, 150, 500)))
            .apply(scored(TaskId.train(3), Samples.scores(.9, 150, 500)))
            .apply(scored(TaskId.train(4), Samples.scores(.7, 120, 300)));
    assertThat(open(state)).containsExactly("refit-2", "refit-3", "refit-4", "refit-1");
    // what a refit gives changes nothing for those that wait
    state = state.apply(refit(2, Samples.scores(.1, 150, 500)));
    assertThat(open(state)).containsExactly("refit-3", "refit-4", "refit-1");
    assertThat(state.phase()).isEqualTo(Phase.REFITTING);
  }

  @Test
  void whoComesInWhenAMemberGetsWorseIsRefittedToo() {
    SearchState state = trained(OptionalInt.of(9)).apply(refit(1, Samples.scores(.7, 150, 500)));
    // the pass ends as a whole before the frontier is looked at again
    assertThat(open(state)).containsExactly("refit-2");
    state = state.apply(refit(2, Samples.scores(.6, 100, 200)));
    assertThat(open(state)).containsExactly("refit-3");
    state = state.apply(refit(3, Samples.scores(.6, 150, 500)));
    assertThat(open(state)).containsExactly("measure-1", "measure-2");
  }

  @Test
  void aFailedRefitKeepsTheScoreAndIsNoted() {
    SearchState state =
        trained(OptionalInt.of(9))
            .apply(
                new SearchEvent.Failed(
                    new TaskId(TaskId.Kind.REFIT, 1, 1), 1, FailureKind.DIVERGED, "nan", 0))
            .apply(refit(2, Samples.scores(.6, 100, 200)));
    assertThat(open(state)).containsExactly("measure-1", "measure-2");
    Trial trial = state.trial(1).orElseThrow();
    assertThat(trial.status()).isEqualTo(Trial.Status.SCORED);
    assertThat(trial.scorecard()).isEqualTo(Samples.scores(.9, 150, 500));
    assertThat(trial.artifacts()).extracting(Artifact::name).containsExactly("train-1");
    assertThat(trial.notes()).containsExactly("refit-1: DIVERGED: nan");
    assertThat(state.counts().failed()).isZero();
  }

  @Test
  void aMemberThatProvesSlowLeavesAndItsSuccessorIsMeasured() {
    SearchState state =
        trained(OptionalInt.empty())
            .apply(measured(1, 1, 300, true))
            .apply(measured(2, 1, 100, true));
    assertThat(state.frontier().members()).extracting(Trial::number).containsExactly(1, 2, 3);
    assertThat(open(state)).containsExactly("measure-3");
  }

  @Test
  void anUncertainMeasurementIsRepeatedTwiceAtMost() {
    SearchState state =
        trained(OptionalInt.empty())
            .apply(measured(1, 1, 150, true))
            .apply(measured(2, 1, 100, false));
    assertThat(open(state)).containsExactly("measure-2-2");
    state = state.apply(measured(2, 2, 100, false));
    assertThat(open(state)).containsExactly("measure-2-3");
    state = state.apply(measured(2, 3, 100, false));
    assertThat(state.phase()).isEqualTo(Phase.TESTING);
  }

  /** Goals that mention throughput, or not, and two members. */
  private static SearchState measured(boolean throughputIsAGoal, boolean confident) {
    List<Objective> objectives = new ArrayList<>(Samples.EXACT.objectives());
    if (throughputIsAGoal) {
      objectives.add(new Objective(Metric.THROUGHPUT));
    }
    SearchSettings settings =
        SearchSettings.of(new Goals(objectives, Samples.EXACT.constraints()), 1, 1);
    Scorecard throughput =
        Scorecard.EMPTY.with(Metric.THROUGHPUT, new Measurement(5000, .1, confident));
    Scorecard trained = Samples.scores(.9, 150, 500);
    SearchState state =
        proposed(settings, 1)
            .apply(scored(TaskId.train(1), throughputIsAGoal ? trained.with(throughput) : trained));
    assertThat(open(state)).containsExactly("measure-1");
    return state.apply(scored(new TaskId(TaskId.Kind.MEASURE, 1, 1), throughput));
  }

  @Test
  void anUncertainThroughputIsMeasuredAgainWhereItIsAGoal() {
    assertThat(open(measured(true, false))).containsExactly("measure-1-2");
    assertThat(open(measured(true, true))).containsExactly("test-1");
    assertThat(open(measured(false, false))).containsExactly("test-1");
  }

  @Test
  void whatAMeasurementStoresStaysWithTheTrial() {
    Artifact settings = new Artifact("runtime.json", "a".repeat(64), 1);
    Artifact again = new Artifact("runtime.json", "b".repeat(64), 1);
    SearchState state = trained(OptionalInt.empty());
    for (Artifact file : List.of(settings, again)) {
      int round = state.trial(1).orElseThrow().rounds(TaskId.Kind.MEASURE) + 1;
      Scorecard doubtful = Scorecard.EMPTY.with(Metric.LATENCY, new Measurement(150, .02, false));
      state =
          state
              .apply(
                  new SearchEvent.Scored(
                      new TaskId(TaskId.Kind.MEASURE, 1, round), 1, doubtful, List.of(file), 0))
              .apply(round == 1 ? measured(2, 1, 100, true) : Samples.started());
    }
    assertThat(state.trial(1).orElseThrow().artifacts())
        .extracting(Artifact::name, Artifact::digest)
        .contains(tuple("runtime.json", "b".repeat(64)))
        .doesNotContain(tuple("runtime.json", "a".repeat(64)))
        .hasSize(2);
  }

  @Test
  void failuresToMeasureAndToTestAreTriedAgainAndThenNoted() {
    SearchState state = trained(OptionalInt.empty()).apply(measured(2, 1, 100, true));
    TaskId measure = new TaskId(TaskId.Kind.MEASURE, 1, 1);
    for (int attempt = 1; attempt <= 3; attempt++) {
      assertThat(state.openTasks()).containsExactly(measure);
      state = state.apply(new SearchEvent.Leased(measure, attempt, "w", 0));
      for (SearchEvent event : state.failed(measure, attempt, FailureKind.TIMED_OUT, "t", 0)) {
        state = state.apply(event);
      }
    }
    assertThat(state.phase()).isEqualTo(Phase.TESTING);
    assertThat(state.trial(1).orElseThrow().notes()).containsExactly("measure-1: TIMED_OUT: t");
    assertThat(state.frontier().contains(1)).isTrue();
  }

  @Test
  void withoutLatencyAmongTheGoalsAndInTheTrialsItIsMeasuredForTheCard() {
    SearchSettings exact =
        new SearchSettings(
            Samples.EXACT,
            Budget.ofTrials(1),
            16,
            SearchSettings.Order.DETERMINISTIC,
            3,
            OptionalInt.empty(),
            false,
            1,
            0);
    SearchState state =
        proposed(exact, 1).apply(scored(TaskId.train(1), Samples.scores(.9, 150, 500)));
    assertThat(open(state)).containsExactly("measure-1");
  }

  @Test
  void anEmptyFrontierOwesNothing() {
    SearchState state =
        proposed(settings(1, OptionalInt.of(3)), 1)
            .apply(scored(TaskId.train(1), Samples.scores(.9, 150, 5000)));
    assertThat(state.phase()).isEqualTo(Phase.FINISHED);
    assertThat(state.nearestMisses(5)).extracting(NearMiss::violation).containsExactly(4.);
  }
}
