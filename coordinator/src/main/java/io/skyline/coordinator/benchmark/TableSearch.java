package io.skyline.coordinator.benchmark;

import io.skyline.coordinator.config.ControllerSettings;
import io.skyline.coordinator.controller.Gate;
import io.skyline.coordinator.controller.Proposer;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A search whose trials are looked up in a table: the fold and the proposer of every search, in
 * deterministic order, with genomes that no row lists rejected by the gate and so not charged.
 */
public final class TableSearch {
  private static final Artifact NO_CHECKPOINT = new Artifact("checkpoint", "", 0);

  private final NetworkTable table;
  private final List<Target> targets;
  private final int lookahead;
  private final Optional<Halving> halving;
  private final double[][] columns;

  /** A search of full trainings. */
  public TableSearch(NetworkTable table, List<Target> targets, int lookahead) {
    this(table, targets, lookahead, Optional.empty());
  }

  /**
   * @param targets what is optimised; with rungs, the first one is a learning curve
   * @param lookahead training t knows the outcomes up to t - lookahead, as with so many workers
   * @param halving rungs at which trainings pause
   */
  public TableSearch(
      NetworkTable table, List<Target> targets, int lookahead, Optional<Halving> halving) {
    this.table = table;
    this.targets = List.copyOf(targets);
    this.lookahead = lookahead;
    this.halving = halving;
    this.columns =
        targets.stream().map(target -> table.column(target.column())).toArray(double[][]::new);
  }

  /**
   * The networks that were trained to the end, in that order.
   *
   * @param rows of the table
   * @param spent when each was trained, all trainings up to it, in full trainings
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
  public record Found(int[] rows, double[] spent) {
    /** The rows that so many full trainings paid for. */
    int[] within(int trainings) {
      int count = 0;
      while (count < rows.length && spent[count] <= trainings) {
        count++;
      }
      return Arrays.copyOf(rows, count);
    }
  }

  /**
   * Runs a search.
   *
   * @param budget full trainings; with rungs, all trainings together have as many epochs
   * @return what was trained to the end; less than the budget pays for if the controller found no
   *     more
   */
  public Found run(ControllerSettings controller, long seed, int budget) {
    Goals goals = Target.goals(targets);
    Gate gate =
        genome ->
            table.row(genome.text()).isPresent()
                ? new Gate.Feasible()
                : new Gate.Infeasible(Scorecard.EMPTY, "no row lists it");
    Proposer proposer =
        new Proposer(table.space(), controller.create(table.space(), goals, seed), gate);
    int full = halving.map(Halving::epochs).orElse(1);
    long left = (long) budget * full;
    List<Integer> rows = new ArrayList<>();
    List<Double> spent = new ArrayList<>();
    SearchState state = SearchState.initial(settings(goals, budget, seed));
    while (state.phase() == Phase.SEARCHING) {
      for (SearchEvent event : proposer.advance(state, 0)) {
        state = state.apply(event);
      }
      if (state.phase() != Phase.SEARCHING || state.openTasks().isEmpty()) {
        continue;
      }
      TaskId task = state.openTasks().get(0);
      Trial trial = state.trial(task.trial()).orElseThrow();
      int pause = trial.ladder().target();
      left -= (pause == 0 ? full : pause) - trial.ladder().epochs();
      if (left < 0) {
        break;
      }
      if (pause == 0) {
        rows.add(row(trial));
        spent.add(budget - (double) left / full);
      }
      state = state.apply(trained(task, pause, row(trial)));
    }
    return new Found(
        rows.stream().mapToInt(Integer::intValue).toArray(),
        spent.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private SearchSettings settings(Goals goals, int budget, long seed) {
    SearchSettings whole =
        new SearchSettings(
            goals,
            Budget.ofTrials(halving.isPresent() ? table.size() : budget),
            lookahead,
            SearchSettings.Order.DETERMINISTIC,
            SearchSettings.DEFAULT_ATTEMPTS,
            OptionalInt.empty(),
            false,
            seed,
            0);
    return halving.map(whole::with).orElse(whole);
  }

  private SearchEvent trained(TaskId task, int pause, int row) {
    Scorecard scores = Scorecard.EMPTY;
    for (int i = 0; i < columns.length; i++) {
      double value =
          i == 0 && pause > 0
              ? table.column(NetworkTable.atEpoch(targets.get(0).column(), pause))[row]
              : columns[i][row];
      scores = scores.with(targets.get(i).metric(), Measurement.exact(value));
    }
    return pause == 0
        ? new SearchEvent.Scored(task, 1, scores, List.of(), 0)
        : new SearchEvent.RungReached(task, 1, pause, scores, NO_CHECKPOINT, 0);
  }

  private int row(Trial trial) {
    return table.row(trial.genome()).orElseThrow();
  }
}
