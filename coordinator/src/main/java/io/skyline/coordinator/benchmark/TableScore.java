package io.skyline.coordinator.benchmark;

import io.skyline.coordinator.search.Hypervolume;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a search is worth that evaluated some rows of a table.
 *
 * @param name for people
 * @param higherIsBetter the direction; empty of a number that is only reported
 * @param measure of the evaluated rows, at least one, in the order of trials
 */
public record TableScore(String name, Optional<Boolean> higherIsBetter, Measure measure) {
  /** A function of the rows. */
  @FunctionalInterface
  public interface Measure {
    double of(int[] rows);
  }

  /**
   * The scores of a search for these targets: of a single one its regret and what is to be reported
   * of the incumbent; of several the hypervolume within the box that the references span, if any,
   * and within that of the whole table.
   *
   * @param references the worst values that count, by column
   * @param reports columns
   * @throws InvalidDocumentException if a hypervolume is not defined
   */
  public static List<TableScore> of(
      NetworkTable table,
      List<Target> targets,
      Map<String, Double> references,
      List<String> reports) {
    List<TableScore> scores = new ArrayList<>();
    if (targets.size() == 1) {
      scores.add(regret(table, targets.get(0)));
      reports.forEach(column -> scores.add(ofIncumbent(table, targets.get(0), column)));
      return scores;
    }
    if (!references.isEmpty()) {
      scores.add(hypervolume("box hypervolume", table, targets, references));
    }
    scores.add(hypervolume("loose hypervolume", table, targets, Map.of()));
    return scores;
  }

  /** How far the incumbent is from the table's best, in the column's unit. */
  static TableScore regret(NetworkTable table, Target target) {
    double[] costs = target.costs(table);
    double best = Arrays.stream(costs).min().orElseThrow();
    return new TableScore(
        "regret, " + target.column(),
        Optional.of(false),
        rows -> costs[incumbent(costs, rows)] - best);
  }

  /** A column's value of the incumbent, such as its accuracy on test data. */
  static TableScore ofIncumbent(NetworkTable table, Target target, String column) {
    double[] costs = target.costs(table);
    double[] values = table.column(column);
    return new TableScore(
        column + " of the incumbent", Optional.empty(), rows -> values[incumbent(costs, rows)]);
  }

  /** The first of the rows with the smallest cost. */
  private static int incumbent(double[] costs, int[] rows) {
    int incumbent = rows[0];
    for (int row : rows) {
      incumbent = costs[row] < costs[incumbent] ? row : incumbent;
    }
    return incumbent;
  }

  /**
   * The hypervolume of the rows as a share of the whole table's. Costs run linearly from the
   * table's best, 0, to the worst that counts, 1; rows beyond it add nothing.
   *
   * @param references the worst value that counts, by column; the table's worst where none is given
   */
  static TableScore hypervolume(
      String name, NetworkTable table, List<Target> targets, Map<String, Double> references) {
    double[][] points = new double[table.size()][targets.size()];
    for (int axis = 0; axis < targets.size(); axis++) {
      Target target = targets.get(axis);
      double[] costs = target.costs(table);
      double best = Arrays.stream(costs).min().orElseThrow();
      Double given = references.get(target.column());
      double worst = given == null ? Arrays.stream(costs).max().orElseThrow() : target.cost(given);
      check(target, best, worst, given);
      for (int row = 0; row < costs.length; row++) {
        points[row][axis] = (costs[row] - best) / (worst - best);
      }
    }
    double whole = volume(points, IntStream.range(0, points.length).toArray());
    if (!(whole > 0)) {
      throw undefined(
          references.isEmpty() ? "--objectives" : "--reference",
          "no network of the table is better than the worst that counts in every objective",
          references.isEmpty() ? "Name other columns." : "Give a worse value.");
    }
    return new TableScore(name, Optional.of(true), rows -> volume(points, rows) / whole);
  }

  /**
   * @param best the least cost of the table
   * @param worst the highest that counts
   * @param given the value of the latter, if the user gave one
   */
  private static void check(Target target, double best, double worst, @Nullable Double given) {
    if (worst > best) {
      return;
    }
    if (given == null) {
      throw undefined(
          "--objectives",
          "'%s' is the same in all rows, so that there is no hypervolume"
              .formatted(target.column()),
          "Name another column.");
    }
    throw undefined(
        "--reference",
        "%s=%s is no worse than the table's best, %s"
            .formatted(target.column(), given, target.cost(best)),
        "Give a worse value.");
  }

  private static InvalidDocumentException undefined(String option, String what, String suggestion) {
    return new InvalidDocumentException(new Place(option, 0, 0), what, suggestion);
  }

  private static double volume(double[][] points, int[] rows) {
    List<double[]> chosen = new ArrayList<>();
    for (int row : rows) {
      chosen.add(points[row]);
    }
    return Hypervolume.of(chosen);
  }
}
