package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.scorecard.Metric;
import io.skyline.space.SearchSpace;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A space in which one genome in some thousands keeps the limit. */
class NarrowSpaceTest {
  private static final SearchSpace SPACE = Spaces.wide();
  private static final Goals GOALS =
      new Goals(
          Spaces.TWO.objectives(),
          List.of(new Constraint(Metric.MACS, Constraint.Bound.AT_MOST, 3_000)));

  /** How many of so many seeds fill a budget of 30 trials. */
  private static int filled(String name, int seeds) {
    int filled = 0;
    for (long seed = 0; seed < seeds; seed++) {
      Controller controller =
          Controllers.named(name).orElseThrow().create(Map.of(), SPACE, GOALS, seed);
      Proposer proposer = new Proposer(SPACE, controller, new ExactCostGate(GOALS, Spaces::value));
      SearchState state = SearchState.initial(SearchSettings.of(GOALS, 30, seed));
      boolean more = true;
      while (more) {
        List<SearchEvent> events = proposer.advance(state, 0);
        for (SearchEvent event : events) {
          state = state.apply(event);
        }
        more = !events.isEmpty() || !state.openTasks().isEmpty();
        if (!state.openTasks().isEmpty()) {
          int trial = state.openTasks().get(0).trial();
          state =
              state.apply(
                  new SearchEvent.Scored(
                      state.openTasks().get(0),
                      1,
                      Spaces.value(SPACE.parse(state.trials().get(trial - 1).genome())),
                      List.of(),
                      0));
        }
      }
      filled += state.trials().size() == 30 ? 1 : 0;
    }
    return filled;
  }

  @ParameterizedTest
  @ValueSource(strings = {"evolution", "nsga2"})
  void rejectionsLeadToTheFeasibleRegion(String name) {
    assertThat(filled(name, 10)).isEqualTo(10);
  }

  /** It learns the limit from what is rejected. */
  @Test
  void rejectionsLeadTheSurrogateToTheFeasibleRegion() {
    assertThat(filled("surrogate", 3)).isEqualTo(3);
  }

  @Test
  void chanceAloneDoesNotGetThere() {
    assertThat(filled("random", 10)).isZero();
  }
}
