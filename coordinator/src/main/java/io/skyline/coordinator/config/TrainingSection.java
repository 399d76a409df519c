package io.skyline.coordinator.config;

import io.skyline.coordinator.data.UnlabelledSource;
import io.skyline.recipe.ClassWeights;
import io.skyline.recipe.EarlyStopping;
import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.scorecard.Unit;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Quantities;
import io.skyline.yaml.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads {@code training}; what it leaves out is {@link TrainingPlan#standard}. */
final class TrainingSection {
  private static final String EXAMPLE = "training: {learning_rate: 0.01}";

  private final Problems problems;
  private final TeacherSection teaching;

  /**
   * @param folder that relative paths start from
   * @param filesMatter whether missing files are a problem
   */
  TrainingSection(Path folder, boolean filesMatter, Problems problems) {
    this.problems = problems;
    this.teaching = new TeacherSection(folder, filesMatter, problems);
  }

  /**
   * The plan, and what it was read from.
   *
   * @param teachers whose files the plan needs
   * @param transfer examples without labels to be taught on
   * @param resolved the section with every path and digest written out; empty if there is none
   */
  record Read(
      TrainingPlan plan,
      List<TeacherFile> teachers,
      Optional<UnlabelledSource> transfer,
      Optional<Value.Mapping> resolved) {
    /** Where the config sets a key, or else where it begins. */
    Place place(String key, Place begin) {
      return resolved
          .flatMap(mapping -> mapping.entry(key))
          .map(entry -> entry.key().place())
          .orElse(begin);
    }
  }

  Read read(Fields config, int epochs) {
    TrainingPlan preset = TrainingPlan.standard(epochs);
    Optional<Value> value = config.take("training");
    if (value.isEmpty()) {
      return new Read(preset, List.of(), Optional.empty(), Optional.empty());
    }
    Fields fields = Fields.of("training", value.get(), EXAMPLE, problems);
    Optional<TeacherSection.Read> teachers = teaching.read(fields);
    TrainingPlan plan =
        new TrainingPlan(
            epochs,
            fields.integer("batch", preset.batch(), 1, 4096),
            optimizer(fields, preset),
            schedule(fields, preset.schedule()),
            regularization(fields, preset.regularization()),
            fields
                .take("augmentation")
                .map(v -> augmentation(v, preset.augmentation()))
                .orElse(preset.augmentation()),
            fields.take("class_weights").map(v -> weights(v, fields)).orElse(preset.classWeights()),
            fields.take("early_stopping").flatMap(this::earlyStopping),
            teachers.map(TeacherSection.Read::distillation));
    fields
        .take("epochs")
        .ifPresent(
            epochsValue ->
                problems.add(
                    epochsValue.place(),
                    "'epochs' stands in budget, not in training",
                    "Write budget: {trials: 32, epochs: 3}."));
    fields.end();
    return new Read(
        plan,
        teachers.map(TeacherSection.Read::files).orElse(List.of()),
        teachers.flatMap(TeacherSection.Read::transfer).map(TransferSection.Read::source),
        value.get() instanceof Value.Mapping mapping
            ? Optional.of(teachers.map(t -> t.resolved(mapping)).orElse(mapping))
            : Optional.empty());
  }

  private static Optimizer optimizer(Fields fields, TrainingPlan preset) {
    List<String> words = Arrays.stream(Optimizer.values()).map(Optimizer::word).toList();
    return Optimizer.of(fields.word("optimizer", preset.optimizer().word(), words));
  }

  private Schedule schedule(Fields fields, Schedule preset) {
    List<String> words = Arrays.stream(Schedule.Shape.values()).map(Schedule.Shape::word).toList();
    Schedule.Shape shape = Schedule.Shape.of(fields.word("schedule", preset.shape().word(), words));
    Optional<Value> drops = fields.take("drops");
    Optional<Value> factor = fields.take("drop_factor");
    if (shape != Schedule.Shape.STEP) {
      drops
          .or(() -> factor)
          .ifPresent(
              v ->
                  problems.add(
                      v.place(),
                      "nothing drops along a schedule '" + shape.word() + "'",
                      "Remove it, or write schedule: step."));
    }
    return new Schedule(
        shape,
        fields.number("learning_rate", preset.peak(), 1e-7, 100),
        fields.number("warmup_epochs", preset.warmupEpochs(), 0, 1000),
        drops.map(v -> drops(v, fields)).orElse(preset.drops()),
        factor
            .map(v -> fields.number(v, "drop_factor", 1e-6, 1).orElse(preset.dropFactor()))
            .orElse(preset.dropFactor()));
  }

  private List<Double> drops(Value value, Fields fields) {
    List<Double> drops = numbers(value, fields, "drops", 0.001, 0.999);
    for (int i = 1; i < drops.size(); i++) {
      if (drops.get(i) <= drops.get(i - 1)) {
        problems.add(
            value.place(),
            "'drops' must rise",
            "Write shares of the training, such as [0.5, 0.75].");
        return Schedule.USUAL_DROPS;
      }
    }
    return drops;
  }

  private List<Double> numbers(Value value, Fields fields, String key, double least, double most) {
    if (!(value instanceof Value.Sequence list)) {
      problems.add(
          value.place(), "'" + key + "' is a list, not " + value.kind(), "Write [0.5, 0.75].");
      return List.of();
    }
    List<Double> numbers = new ArrayList<>();
    list.items().forEach(v -> fields.number(v, key, least, most).ifPresent(numbers::add));
    return numbers;
  }

  private static Regularization regularization(Fields fields, Regularization preset) {
    return new Regularization(
        fields.number("weight_decay", preset.weightDecay(), 0, 0.9),
        fields.number("label_smoothing", preset.labelSmoothing(), 0, 0.9),
        fields.number("gradient_clip", preset.clipNorm(), 0, 1e6),
        fields.number("averaging", preset.averaging(), 0, 0.99999),
        fields.number("group_lasso", preset.groupLasso(), 0, 0.1));
  }

  private static boolean isNone(Value value) {
    return value instanceof Value.Scalar scalar && scalar.text().equals("none");
  }

  private Augmentation augmentation(Value value, Augmentation preset) {
    if (isNone(value)) {
      return Augmentation.NONE;
    }
    Fields fields =
        Fields.of("augmentation", value, "augmentation: {flip: true, shift: 2}, or none", problems);
    Augmentation augmentation =
        new Augmentation(
            fields.flag("flip", preset.flip()),
            fields.integer("shift", preset.shift(), 0, 16),
            fields.number("rotation", preset.rotation(), 0, 45),
            fields.integer("cutout", preset.cutout(), 0, 256),
            fields.number("mixup", preset.mixup(), 0, 4));
    fields.end();
    return augmentation;
  }

  private ClassWeights weights(Value value, Fields fields) {
    if (value instanceof Value.Scalar) {
      Optional<String> word = fields.word(value, "class_weights", List.of("none", "balanced"));
      return word.equals(Optional.of("balanced"))
          ? new ClassWeights.Balanced()
          : new ClassWeights.Equal();
    }
    List<Double> weights = numbers(value, fields, "class_weights", 0, 1e6);
    if (weights.stream().noneMatch(w -> w > 0)) {
      problems.add(
          value.place(),
          "'class_weights' leaves no class that counts",
          "Write a number for each class, such as [1, 1, 2.5], or balanced.");
      return new ClassWeights.Equal();
    }
    return new ClassWeights.Given(weights);
  }

  private Optional<EarlyStopping> earlyStopping(Value value) {
    if (isNone(value)) {
      return Optional.empty();
    }
    Fields fields =
        Fields.of("early_stopping", value, "early_stopping: {share: 10 %, patience: 3}", problems);
    double share =
        fields
            .take("share")
            .flatMap(v -> fields.text(v, "share").flatMap(text -> share(text, v.place())))
            .orElse(0.1);
    int patience = fields.integer("patience", 3, 1, 10_000);
    fields.end();
    return Optional.of(new EarlyStopping(share, patience));
  }

  private Optional<Double> share(String text, Place place) {
    var share = Quantities.read(text, "share", Unit.FRACTION, place, problems);
    if (share.isPresent() && (share.getAsDouble() <= 0 || share.getAsDouble() > 0.5)) {
      problems.add(place, "'share' cannot be " + text, "Write at most 50 %, such as 10 %.");
      return Optional.empty();
    }
    return share.isPresent() ? Optional.of(share.getAsDouble()) : Optional.empty();
  }
}
