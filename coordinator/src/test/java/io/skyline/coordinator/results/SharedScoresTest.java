package io.skyline.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.SharingSettings;
import io.skyline.coordinator.search.TaskId;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RankCorrelation;
import io.skyline.scorecard.Scorecard;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SharedScoresTest {
  private static Scorecard accuracy(double value) {
    return Scorecard.EMPTY.with(Metric.ACCURACY, Measurement.exact(value));
  }

  /** One step, four candidates of which the first is no trial, three trials. */
  private static SearchState state() {
    SearchSettings settings =
        new SearchSettings(
            new Goals(List.of(new Objective(Metric.ACCURACY)), List.of()),
            Budget.ofTrials(3),
            4,
            SearchSettings.Order.DETERMINISTIC,
            3,
            OptionalInt.empty(),
            false,
            1,
            1,
            Optional.empty(),
            Optional.of(new SharingSettings(1, 1, 4, 1, 1, 1)),
            Optional.empty());
    SearchState state =
        SearchState.initial(settings)
            .apply(new SearchEvent.PathDrawn(1, List.of(0), 0))
            .apply(
                new SearchEvent.Scored(
                    TaskId.share(1),
                    1,
                    accuracy(.2),
                    List.of(new Artifact("update", "d", 2_048)),
                    512,
                    0))
            .apply(new SearchEvent.WeightsMerged(1, "i", 0));
    double[] shared = {.1, .5, .6, .4};
    for (int i = 0; i < shared.length; i++) {
      state =
          state
              .apply(new SearchEvent.CandidateDrawn(i + 1, "d=" + i, 0))
              .apply(
                  new SearchEvent.Scored(
                      TaskId.evaluate(i + 1), 1, accuracy(shared[i]), List.of(), 1_024, 0));
    }
    state = state.apply(new SearchEvent.CandidatesDerived(0));
    double[] own = {.8, .9, .85};
    for (int i = 0; i < own.length; i++) {
      state =
          state
              .apply(new SearchEvent.Proposed(i + 1, i + 1, "d=" + (i + 1), 0))
              .apply(
                  new SearchEvent.Scored(TaskId.train(i + 1), 1, accuracy(own[i]), List.of(), 0));
    }
    return state;
  }

  @Test
  void tellsWhatWasMovedAndHowFarTheWeightsCanBeTrusted() {
    SearchState state = state();
    SharedScores scores = SharedScores.of(state).orElseThrow();

    // shared .5 .6 .4, own .8 .9 .85: ranks 1 2 0 and 0 2 1
    assertThat(scores.correlation(state).orElseThrow()).isCloseTo(.5, within(1e-12));
    assertThat(scores.summary(state))
        .isEqualTo(
            "1 steps with shared weights and 4 candidates scored with them; workers fetched 4.5 KiB"
                + " and sent 2 KiB. Rank correlation of accuracy with shared weights and from"
                + " scratch, over 3 trials: 0.50.");
  }

  @Test
  void trialsStandBesideWhatSharedWeightsHadSaidOfThem() {
    List<String> rows = Csv.trials(state()).lines().toList();

    int column = List.of(rows.get(0).split(",")).indexOf("shared_accuracy");
    assertThat(rows.subList(1, 4).stream().map(row -> row.split(",")[column]))
        .containsExactly("0.5", "0.6", "0.4");
    assertThat(Report.of("x", state())).contains("<h2>Shared weights</h2>", "<td>40.00 %</td>");
  }

  @Test
  void aSearchWithoutSharedWeightsShowsNone() {
    SearchState state = new Searches(Metric.ACCURACY, Metric.SIZE).scored(.5, 100, 1).state();

    assertThat(Csv.trials(state)).doesNotContain("shared");
    assertThat(Report.of("x", state)).doesNotContain("Shared weights");
  }

  @Test
  void equalValuesShareTheirRank() {
    assertThat(RankCorrelation.of(List.of(1., 2., 2., 3.), List.of(10., 20., 20., 30.)))
        .hasValue(1);
    assertThat(RankCorrelation.of(List.of(1., 2., 3.), List.of(3., 2., 1.))).hasValue(-1);
    assertThat(RankCorrelation.of(List.of(1., 2., 3.), List.of(5., 5., 5.))).isEmpty();
    assertThat(RankCorrelation.of(List.of(1., 2.), List.of(1., 2.))).isEmpty();
    // 1 - 6 * (1 + 1) / (4 * 15)
    assertThat(RankCorrelation.of(List.of(1., 2., 3., 4.), List.of(2., 1., 3., 4.)).orElseThrow())
        .isCloseTo(.8, within(1e-12));
  }
}
