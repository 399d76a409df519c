package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.space.SearchSpace;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What knowing an earlier run is worth, on a space whose every value is listed. */
class WarmStartedSearchTest {
  private static final SearchSpace SPACE = Spaces.wide();
  private static final int EARLIER = 60;
  private static final int LIMIT = 400;
  private static final int SEEDS = 9;

  private static SearchState search(
      String controller, long seed, int budget, List<SearchEvent.Learned> learned, double enough) {
    SearchSettings usual = SearchSettings.of(Spaces.TWO, budget, seed);
    Controller fresh =
        Controllers.named(controller).orElseThrow().create(Map.of(), SPACE, Spaces.TWO, seed);
    Proposer proposer = new Proposer(SPACE, fresh, Gate.OPEN);
    SearchState state = SearchState.initial(usual);
    for (SearchEvent event : learned) {
      state = state.apply(event);
    }
    while (state.counts().finished() < budget && state.hypervolume() < enough) {
      for (SearchEvent event : proposer.advance(state, 0)) {
        state = state.apply(event);
      }
      TaskId task = state.openTasks().get(0);
      Trial trial = state.trial(task.trial()).orElseThrow();
      state =
          state.apply(
              new SearchEvent.Scored(
                  task, 1, Spaces.value(SPACE.parse(trial.genome())), List.of(), 0));
    }
    return state;
  }

  private static List<SearchEvent.Learned> learned(SearchState earlier, boolean retrain) {
    return earlier.trials().stream()
        .filter(trial -> trial.status() == Trial.Status.SCORED)
        .map(
            trial ->
                new SearchEvent.Learned(
                    "old/" + trial.number(),
                    trial.genome(),
                    trial.trained(),
                    Optional.empty(),
                    retrain && earlier.frontier().contains(trial.number())))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"evolution", "nsga2"})
  void reachesTheEarlierHypervolumeWithFewerTrials(String controller) {
    int[] cold = new int[SEEDS];
    int[] warm = new int[SEEDS];
    for (int seed = 0; seed < SEEDS; seed++) {
      SearchState earlier = search(controller, seed, EARLIER, List.of(), 2);
      double enough = earlier.hypervolume();
      cold[seed] = search(controller, seed + 100, LIMIT, List.of(), enough).counts().finished();
      warm[seed] =
          search(controller, seed + 100, LIMIT, learned(earlier, false), enough)
              .counts()
              .finished();
    }
    Arrays.sort(cold);
    Arrays.sort(warm);
    // none of the earlier genomes is among its trials: it has to find others that are as good
    assertThat(warm[SEEDS / 2]).isLessThan(cold[SEEDS / 2]);
  }

  @Test
  void withTheBestTrainedAgainItBeginsWhereTheEarlierRunEnded() {
    SearchState earlier = search("nsga2", 5, EARLIER, List.of(), 2);
    int best = earlier.frontier().members().size();
    SearchState state = search("nsga2", 6, LIMIT, learned(earlier, true), earlier.hypervolume());
    assertThat(state.counts().finished()).isLessThanOrEqualTo(best).isLessThan(EARLIER / 2);
  }
}
