package io.skyline.coordinator.benchmark;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.scorecard.Metric;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column of a table that a search optimises.
 *
 * @param column as in the table
 * @param metric the metric as which controllers see it; they know only its direction
 */
public record Target(String column, Metric metric) {
  private static final Pattern TEXT = Pattern.compile("(maximize|minimize)\\s+(\\S+)");
  private static final List<Metric> METRICS =
      Arrays.stream(Metric.values())
          .filter(m -> m.deterministic() && !m.isTest() && !m.isProxy())
          .toList();

  /**
   * The targets of a text such as {@code maximize acc1, minimize flops}.
   *
   * @throws InvalidDocumentException naming the part that is none
   */
  public static List<Target> parse(String text) {
    List<Target> targets = new ArrayList<>();
    List<Metric> free = new ArrayList<>(METRICS);
    for (String part : text.split(",", -1)) {
      Matcher matcher = TEXT.matcher(part.strip());
      if (!matcher.matches()) {
        throw problem(
            "'" + part.strip() + "' is no objective",
            "Write, for example, 'maximize acc1, minimize flops'.");
      }
      boolean more = matcher.group(1).equals("maximize");
      String column = matcher.group(2);
      if (targets.stream().anyMatch(target -> target.column().equals(column))) {
        throw problem("'" + column + "' stands twice", "Remove one of them.");
      }
      Metric metric =
          free.stream()
              .filter(m -> m.higherIsBetter() == more)
              .findFirst()
              .orElseThrow(
                  () -> problem("'" + part.strip() + "' is one too many", "Leave it away."));
      free.remove(metric);
      targets.add(new Target(column, metric));
    }
    return targets;
  }

  private static InvalidDocumentException problem(String what, String suggestion) {
    return new InvalidDocumentException(new Place("--objectives", 0, 0), what, suggestion);
  }

  /** All of them as a search's goals. */
  public static Goals goals(List<Target> targets) {
    return new Goals(targets.stream().map(t -> new Objective(t.metric())).toList(), List.of());
  }

  /** A value as a cost to be made small. */
  double cost(double value) {
    return metric.higherIsBetter() ? -value : value;
  }

  /** The column as costs, by row. */
  double[] costs(NetworkTable table) {
    return Arrays.stream(table.column(column)).map(this::cost).toArray();
  }
}
