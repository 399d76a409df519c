package io.skyline.space;

import io.skyline.recipe.Distillation;
import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.yaml.Fields;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The part of a space that decides how candidates are trained; the search's plan gives the rest.
 *
 * <p>Each setting has the name that it has in a config's {@code training}; those of the groups
 * {@code augmentation} and {@code distillation} follow without the group's name. Who teaches is the
 * search's to say, and where nobody does, the settings of distillation decide nothing.
 */
record TrainingSettings(Map<String, Setting> settings) {
  static final TrainingSettings NONE = new TrainingSettings(Map.of());
  private static final String ABSENT = "";
  private static final String OPTIMIZER = "optimizer";
  private static final String SCHEDULE = "schedule";
  private static final String FLIP = "flip";
  private static final Map<String, Range> NUMBERS = numbers();
  private static final Map<String, Range> IMAGE_NUMBERS = imageNumbers();
  private static final Map<String, Range> TEACHER_NUMBERS =
      Map.of("temperature", Range.of(0.1, 100), "alpha", Range.of(0, 1));

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
    numbers.put("gradient_clip", Range.of(0, 1e6));
    numbers.put("averaging", Range.of(0, 0.99999));
    numbers.put("group_lasso", Range.of(0, 0.1));
    return numbers;
  }

  private static Map<String, Range> imageNumbers() {
    Map<String, Range> numbers = new LinkedHashMap<>();
    numbers.put("shift", Range.whole(0, 16));
    numbers.put("rotation", Range.of(0, 45));
    numbers.put("cutout", Range.whole(0, 256));
    numbers.put("mixup", Range.of(0, 4));
    return numbers;
  }

  static TrainingSettings read(Fields fields, Choices choices) {
    Map<String, Setting> read = new LinkedHashMap<>();
    numbers(fields, choices, NUMBERS, read);
    words(fields, choices, OPTIMIZER, Arrays.stream(Optimizer.values()).map(Optimizer::word), read);
    words(
        fields,
        choices,
        SCHEDULE,
        Arrays.stream(Schedule.Shape.values()).map(Schedule.Shape::word),
        read);
    fields
        .group("augmentation", "augmentation: {rotation: [0, 10]}")
        .ifPresent(
            images -> {
              words(images, choices, FLIP, Stream.of("false", "true"), read);
              numbers(images, choices, IMAGE_NUMBERS, read);
              images.end();
            });
    fields
        .group("distillation", "distillation: {temperature: [2, 4]}")
        .ifPresent(
            teaching -> {
              numbers(teaching, choices, TEACHER_NUMBERS, read);
              teaching.end();
            });
    fields.end();
    read.values().removeIf(setting -> setting.values().contains(ABSENT));
    return new TrainingSettings(read);
  }

  private static void numbers(
      Fields fields, Choices choices, Map<String, Range> ranges, Map<String, Setting> into) {
    ranges.forEach(
        (key, range) ->
            into.put(
                key,
                choices.numbers(fields, key, "training." + key, ABSENT, range, Optional.empty())));
  }

  private static void words(
      Fields fields, Choices choices, String key, Stream<String> known, Map<String, Setting> into) {
    into.put(
        key,
        choices.words(fields, key, "training." + key, ABSENT, known.toList(), Optional.empty()));
  }

  TrainingPlan of(Genome genome, SearchSpace space, TrainingPlan plan) {
    Values values = new Values(settings, genome, space);
    return new TrainingPlan(
        plan.epochs(),
        (int) values.number("batch", plan.batch()),
        Optimizer.of(values.word(OPTIMIZER, plan.optimizer().word())),
        schedule(values, plan.schedule()),
        regularization(values, plan.regularization()),
        augmentation(values, plan.augmentation()),
        plan.classWeights(),
        plan.earlyStopping(),
        plan.distillation().map(d -> distillation(values, d)));
  }

  private static Schedule schedule(Values values, Schedule plan) {
    return new Schedule(
        Schedule.Shape.of(values.word(SCHEDULE, plan.shape().word())),
        values.number("learning_rate", plan.peak()),
        values.number("warmup_epochs", plan.warmupEpochs()),
        plan.drops(),
        plan.dropFactor());
  }

  private static Regularization regularization(Values values, Regularization plan) {
    return new Regularization(
        values.number("weight_decay", plan.weightDecay()),
        values.number("label_smoothing", plan.labelSmoothing()),
        values.number("gradient_clip", plan.clipNorm()),
        values.number("averaging", plan.averaging()),
        values.number("group_lasso", plan.groupLasso()));
  }

  private static Augmentation augmentation(Values values, Augmentation plan) {
    return new Augmentation(
        Boolean.parseBoolean(values.word(FLIP, Boolean.toString(plan.flip()))),
        (int) values.number("shift", plan.shift()),
        values.number("rotation", plan.rotation()),
        (int) values.number("cutout", plan.cutout()),
        values.number("mixup", plan.mixup()));
  }

  private static Distillation distillation(Values values, Distillation plan) {
    return plan.with(
        values.number("temperature", plan.temperature()), values.number("alpha", plan.alpha()));
  }

  /** What a genome makes of the settings. */
  private record Values(Map<String, Setting> settings, Genome genome, SearchSpace space) {
    double number(String key, double fallback) {
      Setting setting = settings.get(key);
      return setting == null ? fallback : setting.number(genome, space);
    }

    String word(String key, String fallback) {
      Setting setting = settings.get(key);
      return setting == null ? fallback : setting.of(genome, space);
    }
  }
}
