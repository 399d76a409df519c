package io.skyline.coordinator.config;

import io.skyline.coordinator.search.Goals;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.scorecard.Unit;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Quantities;
import io.skyline.yaml.Value;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads {@code runtime}: what trying settings of the runtime on a model may take. */
final class RuntimeSection {
  private static final String KEY = "runtime";
  private static final String EXAMPLE = "runtime: {time: 2 s}, or runtime: none";
  private static final double SHORTEST = 0.1;
  private static final double LONGEST = 600;
  private static final int MOST_CORES = 1024;

  private final Problems problems;

  RuntimeSection(Problems problems) {
    this.problems = problems;
  }

  /** The budget; empty if models are not to be tuned. */
  Optional<RuntimeBudget> read(Fields config, Optional<Goals> goals) {
    Optional<Value> value = config.take(KEY);
    if (value.isEmpty()) {
      return Optional.of(RuntimeBudget.STANDARD);
    }
    if (value.get() instanceof Value.Scalar scalar && scalar.text().equals("none")) {
      goals.ifPresent(known -> check(known, value.get().place()));
      return Optional.empty();
    }
    Fields fields = Fields.of(KEY, value.get(), EXAMPLE, problems);
    Duration time =
        fields.take("time").flatMap(v -> time(fields, v)).orElse(RuntimeBudget.STANDARD.time());
    OptionalInt cores =
        fields
            .take("cores")
            .map(v -> fields.integer(v, "runtime.cores", 1, MOST_CORES))
            .orElse(OptionalInt.empty());
    fields.end();
    return Optional.of(new RuntimeBudget(time, cores));
  }

  private Optional<Duration> time(Fields fields, Value value) {
    Optional<String> text = fields.text(value, "runtime.time");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    OptionalDouble seconds =
        Quantities.read(text.get(), "runtime.time", Unit.SECONDS, value.place(), problems);
    if (seconds.isEmpty()) {
      return Optional.empty();
    }
    if (!(seconds.getAsDouble() >= SHORTEST && seconds.getAsDouble() <= LONGEST)) {
      problems.add(
          value.place(),
          "'runtime.time' cannot be " + text.get(),
          "Write a time between 100 ms and 10 min, or 'runtime: none' to measure no throughput.");
      return Optional.empty();
    }
    return Optional.of(Duration.ofMillis(Math.round(1000 * seconds.getAsDouble())));
  }

  /** What is not measured can be no goal. */
  private void check(Goals goals, Place place) {
    if (goals.mention(Metric.THROUGHPUT)) {
      problems.add(
          place,
          "'throughput' is a goal, but 'runtime: none' measures none",
          "Remove 'runtime: none', or write " + EXAMPLE.substring(0, EXAMPLE.indexOf(',')) + ".");
    }
  }
}
