package io.skyline.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Prefilter;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PrescreenTest {
  private static SearchState search() {
    SearchSettings settings =
        new SearchSettings(
                new Goals(List.of(new Objective(Metric.ACCURACY)), List.of()),
                Budget.ofTrials(9),
                4,
                SearchSettings.Order.DETERMINISTIC,
                3,
                OptionalInt.empty(),
                false,
                1,
                1)
            .with(new Prefilter(List.of(Metric.SYNFLOW, Metric.JACOBIAN_COVARIANCE), .5, 5));
    SearchState state = SearchState.initial(settings);
    double[] accuracies = {.2, .1, .3, .4};
    for (int trial = 1; trial <= 5; trial++) {
      Scorecard scores =
          Scorecard.EMPTY
              .with(Metric.SYNFLOW, Measurement.exact(20.5 + trial))
              .with(Metric.JACOBIAN_COVARIANCE, Measurement.exact(-7));
      TaskId task = TaskId.train(trial);
      state = state.apply(new SearchEvent.Proposed(trial, trial, "g" + trial, 0));
      state =
          state.apply(
              trial == 5
                  ? new SearchEvent.Screened(task, 1, scores, 0)
                  : new SearchEvent.Scored(
                      task,
                      1,
                      scores.with(Metric.ACCURACY, Measurement.exact(accuracies[trial - 1])),
                      List.of(),
                      0));
    }
    return state;
  }

  @Test
  void saysHowManyWereScreenedOutAndHowWellScoresRank() {
    // synflow: 1 - 6 * (1 + 1) / (4 * 15); the other is the same for all; 1.64 / sqrt(3)
    assertThat(RunResults.screened(search()))
        .contains(
            "Prefilter: 1 of 5 proposals were screened out. Rank correlation with accuracy over 4"
                + " trials, followed from 0.95 on: synflow 0.80, jacobian covariance none.");
    assertThat(Report.of("x", search())).contains("<h2>Prefilter</h2>", "1 screened out");
  }

  @Test
  void theTableHasTheScoresOfEachTrial() {
    List<String> lines = Csv.trials(search()).lines().toList();

    assertThat(lines.get(0)).contains(",synflow,jacobian_covariance,");
    assertThat(lines.get(5)).startsWith("5,5,screened,").contains(",25.5,-7,");
  }

  @Test
  void aSearchThatTrainsEverythingSaysNothingOfIt() {
    SearchState state = new Searches(Metric.ACCURACY, Metric.SIZE).scored(.5, 100, 1).state();

    assertThat(RunResults.screened(state)).isEmpty();
    assertThat(Csv.trials(state)).doesNotContain("synflow");
    assertThat(Report.of("x", state)).doesNotContain("Prefilter", "screened");
  }
}
