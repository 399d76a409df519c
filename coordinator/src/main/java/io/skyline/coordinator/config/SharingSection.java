package io.skyline.coordinator.config;

import io.skyline.coordinator.controller.Setting;
import io.skyline.coordinator.controller.SharingStrategies;
import io.skyline.coordinator.controller.SharingStrategyType;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SharingSettings;
import io.skyline.scorecard.Metric;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code sharing}: what is learned with shared weights before the trials. */
final class SharingSection {
  static final String KEY = "sharing";

  private static final String EXAMPLE =
      "sharing: {strategy: enas, steps: 300, batches: 20, candidates: 100}";
  private static final int MOST_STEPS = 1_000_000;
  private static final int MOST_BATCHES = 100_000;
  private static final int MOST_CANDIDATES = 100_000;
  private static final int MOST_EXAMPLES = 10_000_000;
  private static final int LOOKAHEAD = 2;
  private static final int VALIDATION = 256;
  private static final int CALIBRATION = 8;

  private final Problems problems;

  SharingSection(Problems problems) {
    this.problems = problems;
  }

  /**
   * What a config says.
   *
   * @param place of the section
   */
  record Read(
      SharingSettings settings,
      SharingStrategyType type,
      Map<String, Double> values,
      Place place) {}

  /** The section; empty if every network has weights of its own. */
  Optional<Read> read(Fields config) {
    Optional<Value> value = config.take(KEY);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = Fields.of(KEY, value.get(), EXAMPLE, problems);
    List<String> known = SharingStrategies.all().stream().map(SharingStrategyType::name).toList();
    Optional<SharingStrategyType> type =
        fields
            .require("strategy", EXAMPLE)
            .flatMap(name -> fields.word(name, "strategy", known))
            .flatMap(SharingStrategies::named);
    int steps = required(fields, "steps", MOST_STEPS);
    int batches = required(fields, "batches", MOST_BATCHES);
    int candidates = required(fields, "candidates", MOST_CANDIDATES);
    SharingSettings settings =
        new SharingSettings(
            steps,
            batches,
            candidates,
            fields.integer("lookahead", LOOKAHEAD, 1, 1000),
            fields.integer("validation", VALIDATION, 1, MOST_EXAMPLES),
            fields.integer("calibration", CALIBRATION, 1, MOST_BATCHES));
    Map<String, Double> values = new HashMap<>();
    if (type.isPresent()) { // else nobody knows which keys it has
      for (Setting setting : type.get().settings()) {
        ControllerSection.value(fields, setting)
            .ifPresent(number -> values.put(setting.name(), number));
      }
      fields.end();
    }
    SharingStrategyType any = type.orElseGet(() -> SharingStrategies.all().get(0));
    return Optional.of(new Read(settings, any, values, value.get().place()));
  }

  private static int required(Fields fields, String key, int most) {
    return fields
        .require(key, EXAMPLE)
        .map(v -> fields.integer(v, key, 1, most).orElse(1))
        .orElse(1);
  }

  /** Whether the rest of a config goes with shared weights. */
  void check(
      Read sharing, Goals goals, boolean device, BudgetSection.Read budget, TrainingEngine engine) {
    if (engine != TrainingEngine.ONEDNN) {
      complain(sharing, "the engine 'dl4j' does not share weights", "Write engine: onednn.");
    }
    int trials = budget.budget().trials();
    if (budget.budget().time().isPresent()) {
      complain(
          sharing,
          "shared weights are trained for a number of steps, but the budget is a time",
          "Write, for example, budget: {trials: 10, epochs: 15}.");
    } else if (trials > sharing.settings().candidates()) {
      complain(
          sharing,
          "%d trials are wanted of %d candidates"
              .formatted(trials, sharing.settings().candidates()),
          "Raise 'candidates', or lower 'budget.trials'.");
    }
    List<Objective> objectives = goals.objectives();
    for (Objective objective : objectives) {
      if (!isForetold(objective.metric(), device)) {
        complain(
            sharing,
            "'%s' is an objective, but shared weights tell nothing of it"
                .formatted(objective.metric().word()),
            objective.metric() == Metric.LATENCY
                ? "Name a 'device', for which latencies are foretold."
                : "Use parameters, macs, peak_memory or energy.");
      }
    }
    if (objectives.stream().noneMatch(objective -> objective.metric().task().isPresent())) {
      complain(
          sharing,
          "no objective tells how well a network does its task",
          "Add maximize accuracy to the objectives.");
    }
  }

  private void complain(Read sharing, String what, String suggestion) {
    problems.add(sharing.place(), KEY + ": " + what, suggestion);
  }

  /** The strategy, which sees the goals as far as they are known before a trial. */
  static SharingStrategySettings strategy(Read sharing, Goals goals, boolean device) {
    List<Constraint> constraints =
        goals.constraints().stream().filter(c -> isForetold(c.metric(), device)).toList();
    return new SharingStrategySettings(
        sharing.type(), sharing.values(), new Goals(goals.objectives(), constraints));
  }

  private static boolean isForetold(Metric metric, boolean device) {
    return metric.exactBeforeTraining() && (device || metric != Metric.PREDICTED_LATENCY)
        || metric.task().isPresent()
        || metric == Metric.LATENCY && device;
  }
}
