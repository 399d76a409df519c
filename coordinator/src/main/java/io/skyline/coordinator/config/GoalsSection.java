package io.skyline.coordinator.config;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Constraint.Bound;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Quantity;
import io.skyline.scorecard.Unit;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Quantities;
import io.skyline.yaml.Spelling;
import io.skyline.yaml.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code objectives} and {@code constraints}. */
final class GoalsSection {
  private static final Pattern OBJECTIVE = Pattern.compile("(?:(\\S+)\\s+)?(\\S+)");
  private static final Pattern CONSTRAINT = Pattern.compile("(\\w+)\\s*([<>=!]+)\\s*(.+)");
  private static final String EXAMPLE = "objectives: [maximize accuracy, minimize latency]";
  private static final String CONSTRAINT_EXAMPLE = "latency <= 400 us";

  private final Problems problems;

  GoalsSection(Problems problems) {
    this.problems = problems;
  }

  Optional<Goals> read(Fields fields) {
    List<Objective> objectives = new ArrayList<>();
    for (Value item : items(fields.require("objectives", EXAMPLE), "objectives", EXAMPLE)) {
      fields
          .text(item, "objectives")
          .flatMap(text -> objective(text, item))
          .ifPresent(objective -> addOnce(objectives, objective, item));
    }
    List<Constraint> constraints = new ArrayList<>();
    String example = "constraints: [" + CONSTRAINT_EXAMPLE + "]";
    for (Value item : items(fields.take("constraints"), "constraints", example)) {
      fields
          .text(item, "constraints")
          .flatMap(text -> constraint(text, item))
          .ifPresent(constraint -> addConsistent(constraints, constraint, item));
    }
    return objectives.isEmpty()
        ? Optional.empty()
        : Optional.of(new Goals(objectives, constraints));
  }

  private List<Value> items(Optional<Value> value, String key, String example) {
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof Value.Sequence list)) {
      return List.of(value.get());
    }
    if (list.items().isEmpty() && key.equals("objectives")) {
      problems.add(
          value.get().place(), "'" + key + "' is empty", "Write, for example, " + example + ".");
    }
    return list.items();
  }

  private Optional<Objective> objective(String text, Value item) {
    Matcher matcher = OBJECTIVE.matcher(text.strip());
    if (!matcher.matches()) {
      problems.add(
          item.place(), "'" + text + "' is no objective", "Write, for example, " + EXAMPLE + ".");
      return Optional.empty();
    }
    Optional<Metric> metric = metric(matcher.group(2), "objective", item.place());
    if (metric.isEmpty()) {
      return Optional.empty();
    }
    Objective objective = new Objective(metric.get());
    String direction = matcher.group(1) == null ? "" : matcher.group(1);
    if (objective.text().equals(direction + " " + metric.get().word())) {
      return Optional.of(objective);
    }
    boolean known = List.of("maximize", "minimize").contains(direction);
    problems.add(
        item.place(),
        known
            ? "'" + text + "' drives " + metric.get().word() + " in its worse direction"
            : "'" + text + "' does not say its direction",
        "Write '" + objective.text() + "'.");
    return Optional.empty();
  }

  private void addOnce(List<Objective> objectives, Objective objective, Value item) {
    if (objectives.contains(objective)) {
      problems.add(item.place(), "'" + objective.text() + "' stands twice", "Remove one of them.");
    } else {
      objectives.add(objective);
    }
  }

  private Optional<Metric> metric(String word, String what, Place place) {
    Optional<Metric> metric = Metric.of(word);
    if (metric.filter(Metric::isTest).isPresent()) {
      problems.add(
          place,
          word + " guides no search: test data is looked at once, at the end",
          "Write '%s', which is taken on validation data.".formatted(word.substring(5)));
      return Optional.empty();
    }
    if (metric.filter(Metric::isProxy).isPresent()) {
      problems.add(
          place,
          word + " guides no search by itself: it is a score of untrained networks",
          "Name it in prefilter.scores.");
      return Optional.empty();
    }
    if (metric.isEmpty()) {
      List<String> known =
          Arrays.stream(Metric.values())
              .filter(m -> !m.isTest() && !m.isProxy())
              .map(Metric::word)
              .toList();
      problems.add(place, "unknown " + what + " '" + word + "'", Spelling.suggest(word, known));
    }
    return metric;
  }

  private Optional<Constraint> constraint(String text, Value item) {
    Matcher matcher = CONSTRAINT.matcher(text.strip());
    boolean comparison = matcher.matches() && List.of("<=", ">=").contains(matcher.group(2));
    if (!comparison) {
      String suggestion =
          matcher.matches() && matcher.group(2).matches("[<>]")
              ? "'" + text.replace(matcher.group(2), matcher.group(2) + "=") + "'"
              : "something like '" + CONSTRAINT_EXAMPLE + "'";
      problems.add(item.place(), "'" + text + "' is no constraint", "Write " + suggestion + ".");
      return Optional.empty();
    }
    Optional<Metric> metric = metric(matcher.group(1), "metric", item.place());
    if (metric.isEmpty()) {
      return Optional.empty();
    }
    Bound bound = matcher.group(2).equals("<=") ? Bound.AT_MOST : Bound.AT_LEAST;
    OptionalDouble limit =
        Quantities.read(
            matcher.group(3), metric.get().word(), metric.get().unit(), item.place(), problems);
    return limit.isPresent() && isPossible(text, metric.get(), bound, limit.getAsDouble(), item)
        ? Optional.of(new Constraint(metric.get(), bound, limit.getAsDouble()))
        : Optional.empty();
  }

  private boolean isPossible(String text, Metric metric, Bound bound, double limit, Value item) {
    if (limit <= 0) {
      problems.add(
          item.place(),
          bound == Bound.AT_MOST
              ? "'" + text + "' is impossible: every model has more " + metric.word()
              : "'" + text + "' says nothing: every model has more " + metric.word(),
          "Write a limit above zero, or remove the constraint.");
    } else if (metric.unit() == Unit.FRACTION && limit > 1) {
      problems.add(
          item.place(),
          "'" + text + "' is impossible: " + metric.word() + " is at most 1",
          "Write a share such as 0.85 or 85 %.");
    }
    return limit > 0 && !(metric.unit() == Unit.FRACTION && limit > 1);
  }

  private void addConsistent(List<Constraint> constraints, Constraint added, Value item) {
    for (Constraint earlier : constraints) {
      if (earlier.metric() != added.metric()) {
        continue;
      }
      String word = added.metric().word();
      if (earlier.bound() == added.bound()) {
        problems.add(
            item.place(), "'" + word + "' is limited twice", "Keep the stricter limit alone.");
        return;
      }
      double least = added.bound() == Bound.AT_LEAST ? added.limit() : earlier.limit();
      double most = added.bound() == Bound.AT_MOST ? added.limit() : earlier.limit();
      if (least > most) {
        problems.add(
            item.place(),
            "the limits of '"
                + word
                + "' contradict each other: nothing is at least "
                + new Quantity(least, added.metric().unit()).text()
                + " and at most "
                + new Quantity(most, added.metric().unit()).text(),
            "Swap them, or remove one.");
        return;
      }
    }
    constraints.add(added);
  }
}
