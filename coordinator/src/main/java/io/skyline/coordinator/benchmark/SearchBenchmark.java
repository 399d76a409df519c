package io.skyline.coordinator.benchmark;

import io.skyline.coordinator.config.ControllerSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Runs controllers on a table over many seeds and scores what each has found after some numbers of
 * trials.
 *
 * @param search on the table
 * @param scores what is looked at
 * @param checkpoints numbers of full trainings, rising; the last one is the budget
 * @param seeds how many: 0, 1, ...
 */
public record SearchBenchmark(
    TableSearch search, List<TableScore> scores, List<Integer> checkpoints, int seeds) {
  public SearchBenchmark {
    scores = List.copyOf(scores);
    checkpoints = List.copyOf(checkpoints);
  }

  /**
   * What one controller reached.
   *
   * @param controller as the user wrote it
   * @param score what was looked at
   * @param trials after so many
   * @param spread over the seeds
   */
  public record Result(String controller, TableScore score, int trials, Spread spread) {}

  /** The results of a controller, score by score and in the order of checkpoints. */
  public List<Result> run(String name, ControllerSettings controller) {
    int budget = checkpoints.get(checkpoints.size() - 1);
    TableSearch.Found[] found = new TableSearch.Found[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      found[seed] = search.run(controller, seed, budget);
    }
    List<Result> results = new ArrayList<>();
    for (TableScore score : scores) {
      for (int trials : checkpoints) {
        double[] values = new double[seeds];
        Arrays.setAll(values, seed -> score.measure().of(found[seed].within(trials)));
        results.add(new Result(name, score, trials, Spread.of(values)));
      }
    }
    return results;
  }
}
