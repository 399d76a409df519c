package io.skyline.coordinator.config;

import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code training}; what it leaves out is {@link TrainingPlan#standard}. */
final class TrainingSection {
  private final Problems problems;

  TrainingSection(Problems problems) {
    this.problems = problems;
  }

  TrainingPlan read(Fields config, int epochs) {
    TrainingPlan preset = TrainingPlan.standard(epochs);
    Optional<Value> value = config.take("training");
    if (value.isEmpty()) {
      return preset;
    }
    Fields fields =
        Fields.of("training", value.get(), "training: {learning_rate: 0.003}", problems);
    TrainingPlan plan =
        new TrainingPlan(
            epochs,
            fields.integer("batch", preset.batch(), 1, 4096),
            optimizer(fields, preset),
            fields.number("learning_rate", preset.learningRate(), 1e-7, 100),
            fields.number("warmup_epochs", preset.warmupEpochs(), 0, 1000),
            fields.number("weight_decay", preset.weightDecay(), 0, 0.9),
            fields.number("label_smoothing", preset.labelSmoothing(), 0, 0.9),
            fields
                .take("augmentation")
                .map(v -> augmentation(v, preset.augmentation()))
                .orElse(preset.augmentation()));
    fields
        .take("epochs")
        .ifPresent(
            epochsValue ->
                problems.add(
                    epochsValue.place(),
                    "'epochs' stands in budget, not in training",
                    "Write budget: {trials: 32, epochs: 3}."));
    fields.end();
    return plan;
  }

  private static Optimizer optimizer(Fields fields, TrainingPlan preset) {
    List<String> words = Arrays.stream(Optimizer.values()).map(Optimizer::word).toList();
    String word = fields.word("optimizer", preset.optimizer().word(), words);
    return Optimizer.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private Augmentation augmentation(Value value, Augmentation preset) {
    if (value instanceof Value.Scalar scalar && scalar.text().equals("none")) {
      return Augmentation.NONE;
    }
    Fields fields =
        Fields.of("augmentation", value, "augmentation: {flip: true, shift: 2}, or none", problems);
    Augmentation augmentation =
        new Augmentation(
            fields.flag("flip", preset.flip()), fields.integer("shift", preset.shift(), 0, 16));
    fields.end();
    return augmentation;
  }
}
