package io.skyline.space;

import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.space.Choices.Range;
import io.skyline.yaml.Fields;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The part of a space that decides how candidates are trained; the search's plan gives the rest.
 */
record TrainingSettings(Map<String, Setting> settings) {
  static final TrainingSettings NONE = new TrainingSettings(Map.of());
  private static final String OPTIMIZER = "optimizer";
  private static final Map<String, Range> NUMBERS = numbers();

  TrainingSettings {
    settings = Map.copyOf(settings);
  }

  private static Map<String, Range> numbers() {
    Map<String, Range> numbers = new LinkedHashMap<>();
    numbers.put("learning_rate", Range.of(1e-6, 10));
    numbers.put("batch", Range.whole(1, 4096));
    numbers.put("weight_decay", Range.of(0, 0.5));
    numbers.put("label_smoothing", Range.of(0, 0.9));
    numbers.put("warmup_epochs", Range.of(0, 100));
    return numbers;
  }

  static TrainingSettings read(Fields fields, Choices choices) {
    Map<String, Setting> read = new LinkedHashMap<>();
    String absent = "";
    NUMBERS.forEach(
        (key, range) ->
            read.put(
                key,
                choices.numbers(fields, key, "training." + key, absent, range, Optional.empty())));
    read.put(
        OPTIMIZER,
        choices.words(
            fields,
            OPTIMIZER,
            "training." + OPTIMIZER,
            absent,
            Arrays.stream(Optimizer.values()).map(Optimizer::word).toList(),
            Optional.empty()));
    fields.end();
    read.values().removeIf(setting -> setting.values().contains(absent));
    return new TrainingSettings(read);
  }

  TrainingPlan of(Genome genome, SearchSpace space, TrainingPlan plan) {
    Setting optimizer = settings.get(OPTIMIZER);
    return new TrainingPlan(
        plan.epochs(),
        (int) number("batch", plan.batch(), genome, space),
        optimizer == null
            ? plan.optimizer()
            : Optimizer.valueOf(optimizer.of(genome, space).toUpperCase(Locale.ROOT)),
        number("learning_rate", plan.learningRate(), genome, space),
        number("warmup_epochs", plan.warmupEpochs(), genome, space),
        number("weight_decay", plan.weightDecay(), genome, space),
        number("label_smoothing", plan.labelSmoothing(), genome, space),
        plan.augmentation());
  }

  private double number(String key, double fallback, Genome genome, SearchSpace space) {
    Setting setting = settings.get(key);
    return setting == null ? fallback : setting.number(genome, space);
  }
}
