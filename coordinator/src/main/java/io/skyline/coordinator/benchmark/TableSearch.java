package io.skyline.coordinator.benchmark;

import io.skyline.coordinator.config.ControllerSettings;
import io.skyline.coordinator.controller.Gate;
import io.skyline.coordinator.controller.Proposer;
import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Scorecard;
import java.util.List;
import java.util.OptionalInt;

/**
 * A search whose trials are looked up in a table: the fold and the proposer of every search, in
 * deterministic order, with genomes that no row lists rejected by the gate and so not charged.
 */
public final class TableSearch {
  private final NetworkTable table;
  private final List<Target> targets;
  private final int lookahead;
  private final double[][] columns;

  /**
   * @param targets what is optimised
   * @param lookahead proposal t knows the outcomes up to t - lookahead, as with so many workers
   */
  public TableSearch(NetworkTable table, List<Target> targets, int lookahead) {
    this.table = table;
    this.targets = List.copyOf(targets);
    this.lookahead = lookahead;
    this.columns =
        targets.stream().map(target -> table.column(target.column())).toArray(double[][]::new);
  }

  /**
   * Runs a search.
   *
   * @param budget trials
   * @return the rows that were evaluated, in the order of trials; fewer than the budget if the
   *     controller found no more
   */
  public int[] run(ControllerSettings controller, long seed, int budget) {
    Goals goals = Target.goals(targets);
    SearchSettings settings =
        new SearchSettings(
            goals,
            Budget.ofTrials(budget),
            lookahead,
            SearchSettings.Order.DETERMINISTIC,
            SearchSettings.DEFAULT_ATTEMPTS,
            OptionalInt.empty(),
            false,
            seed,
            0);
    Gate gate =
        genome ->
            table.row(genome.text()).isPresent()
                ? new Gate.Feasible()
                : new Gate.Infeasible(Scorecard.EMPTY, "no row lists it");
    Proposer proposer =
        new Proposer(table.space(), controller.create(table.space(), goals, seed), gate);
    SearchState state = SearchState.initial(settings);
    while (state.phase() == Phase.SEARCHING) {
      for (SearchEvent event : proposer.advance(state, 0)) {
        state = state.apply(event);
      }
      if (state.phase() == Phase.SEARCHING && !state.openTasks().isEmpty()) {
        TaskId task = state.openTasks().get(0);
        state = state.apply(new SearchEvent.Scored(task, 1, scores(state, task), List.of(), 0));
      }
    }
    return state.trials().stream().mapToInt(this::row).toArray();
  }

  private int row(Trial trial) {
    return table.row(trial.genome()).orElseThrow();
  }

  private Scorecard scores(SearchState state, TaskId task) {
    int row = row(state.trial(task.trial()).orElseThrow());
    Scorecard scores = Scorecard.EMPTY;
    for (int i = 0; i < columns.length; i++) {
      scores = scores.with(targets.get(i).metric(), Measurement.exact(columns[i][row]));
    }
    return scores;
  }
}
