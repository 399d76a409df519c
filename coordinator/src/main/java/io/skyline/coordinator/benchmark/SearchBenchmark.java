package io.skyline.coordinator.benchmark;

import io.skyline.coordinator.config.ControllerSettings;
import io.skyline.coordinator.controller.Proposer;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
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
   * @param trials after so many, or all of a search that found fewer
   * @param found how many that were, on average over the seeds
   * @param values one a seed
   */
  public record Result(
      String controller, TableScore score, int trials, double found, List<Double> values) {
    public Result {
      values = List.copyOf(values);
    }

    /** Over the seeds. */
    public Spread spread() {
      return Spread.of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** By how much more it is than another one's of the same seeds, seed by seed. */
    public Spread minus(Result other) {
      double[] differences = new double[values.size()];
      Arrays.setAll(differences, seed -> values.get(seed) - other.values.get(seed));
      return Spread.of(differences);
    }
  }

  /**
   * The results of a controller, score by score and in the order of checkpoints.
   *
   * @throws InvalidDocumentException if a search found no network of the table
   */
  public List<Result> run(String name, ControllerSettings controller) {
    int budget = checkpoints.get(checkpoints.size() - 1);
    TableSearch.Found[] found = new TableSearch.Found[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      found[seed] = search.run(controller, seed, budget);
      if (found[seed].rows().length == 0) {
        throw new InvalidDocumentException(
            new Place("--controller " + name, 0, 0),
            "with seed %d none of %,d proposals in a row is in the table"
                .formatted(seed, Proposer.PATIENCE),
            "Give a table that lists more of its genomes, or another controller.");
      }
    }
    List<Result> results = new ArrayList<>();
    for (TableScore score : scores) {
      for (int trials : checkpoints) {
        List<Double> values = new ArrayList<>();
        double sum = 0;
        for (TableSearch.Found one : found) {
          int[] first = one.within(trials);
          values.add(score.measure().of(first));
          sum += first.length;
        }
        results.add(new Result(name, score, trials, sum / seeds, values));
      }
    }
    return results;
  }
}
