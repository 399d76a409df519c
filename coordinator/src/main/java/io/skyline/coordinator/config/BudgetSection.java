package io.skyline.coordinator.config;

import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Halving;
import io.skyline.scorecard.Unit;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Quantities;
import io.skyline.yaml.Value;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** Reads {@code budget} and the other keys that bound how much is spent. */
final class BudgetSection {
  private static final String EXAMPLE = "budget: {trials: 32, epochs: 3}";
  private static final String HALVING = "halving: {from: 1, eta: 3}";
  private static final int MOST_TRIALS = 1_000_000;
  private static final int MOST_EPOCHS = 10_000;

  /** Akka's timers reach 248 days. */
  private static final Duration LONGEST = Duration.ofDays(240);

  private final Problems problems;

  BudgetSection(Problems problems) {
    this.problems = problems;
  }

  /**
   * The budget and the epochs of each trial.
   *
   * @param place of {@code halving}, or of the budget
   */
  record Read(Budget budget, int epochs, Optional<Halving> halving, Optional<Place> place) {}

  Read read(Fields config) {
    Read preset = new Read(Budget.ofTrials(1), 1, Optional.empty(), Optional.empty());
    Optional<Value> value = config.require("budget", EXAMPLE);
    if (value.isEmpty()) {
      return preset;
    }
    Fields fields = Fields.of("budget", value.get(), EXAMPLE, problems);
    Optional<Value> trials = fields.take("trials");
    Optional<Value> time = fields.take("time");
    if (trials.isEmpty() && time.isEmpty() && value.get() instanceof Value.Mapping) {
      problems.add(
          value.get().place(),
          "budget needs 'trials' or 'time'",
          "Write, for example, " + EXAMPLE + ".");
    }
    int count =
        trials
            .map(v -> fields.integer(v, "trials", 1, MOST_TRIALS).orElse(1))
            .orElse(Integer.MAX_VALUE);
    Optional<Duration> limit = time.flatMap(v -> duration(fields, v, "time"));
    int epochs =
        fields
            .require("epochs", EXAMPLE)
            .map(v -> fields.integer(v, "epochs", 1, MOST_EPOCHS).orElse(1))
            .orElse(1);
    Optional<Value> halving = fields.take("halving");
    Optional<Halving> rungs = halving.flatMap(v -> halving(v, epochs));
    fields.end();
    return new Read(new Budget(count, limit), epochs, rungs, halving.map(Value::place));
  }

  /** {@code halving: {from: 1, eta: 3}}; both have presets. */
  private Optional<Halving> halving(Value value, int epochs) {
    Fields fields = Fields.of("halving", value, HALVING, problems);
    int eta = fields.integer("eta", Halving.USUAL_ETA, 2, 100);
    int from = fields.integer("from", Halving.usualFrom(epochs, eta), 1, MOST_EPOCHS);
    fields.end();
    if ((long) from * eta > epochs) {
      problems.add(
          value.place(),
          "no rung lies between %d epochs and the whole %d: the next would be at %d"
              .formatted(from, epochs, (long) from * eta),
          "Write a smaller 'from', or more epochs; " + HALVING + " wants 3 or more.");
      return Optional.empty();
    }
    return Optional.of(new Halving(from, eta, epochs));
  }

  /** {@code final: {epochs: 12}}. */
  OptionalInt finalEpochs(Fields config) {
    Optional<Value> value = config.take("final");
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    Fields fields = Fields.of("final", value.get(), "final: {epochs: 12}", problems);
    OptionalInt epochs =
        fields
            .require("epochs", "final: {epochs: 12}")
            .map(v -> fields.integer(v, "epochs", 1, MOST_EPOCHS))
            .orElse(OptionalInt.empty());
    fields.end();
    return epochs;
  }

  /** {@code inherit: true}, or {@code inherit: {epochs: 2}}. */
  Optional<InheritSettings> inherit(Fields config) {
    Optional<Value> value = config.take("inherit");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.get() instanceof Value.Scalar) {
      boolean on =
          config
              .word(value.get(), "inherit", List.of("true", "false"))
              .filter("true"::equals)
              .isPresent();
      return on ? Optional.of(new InheritSettings(OptionalInt.empty())) : Optional.empty();
    }
    Fields fields = Fields.of("inherit", value.get(), "inherit: {epochs: 2}", problems);
    OptionalInt epochs =
        fields
            .take("epochs")
            .map(v -> fields.integer(v, "epochs", 1, MOST_EPOCHS))
            .orElse(OptionalInt.empty());
    fields.end();
    return Optional.of(new InheritSettings(epochs));
  }

  Duration timeLimit(Fields config, Duration preset) {
    return config.take("time_limit").flatMap(v -> duration(config, v, "time_limit")).orElse(preset);
  }

  private Optional<Duration> duration(Fields fields, Value value, String key) {
    Optional<String> text = fields.text(value, key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    OptionalDouble seconds =
        Quantities.read(text.get(), key, Unit.SECONDS, value.place(), problems);
    if (seconds.isEmpty()) {
      return Optional.empty();
    }
    if (!(seconds.getAsDouble() >= 1 && seconds.getAsDouble() <= LONGEST.toSeconds())) {
      problems.add(
          value.place(),
          "'" + key + "' cannot be " + text.get(),
          "Write a time between 1 s and " + LONGEST.toHours() + " h.");
      return Optional.empty();
    }
    return Optional.of(Duration.ofMillis(Math.round(seconds.getAsDouble() * 1000)));
  }
}
