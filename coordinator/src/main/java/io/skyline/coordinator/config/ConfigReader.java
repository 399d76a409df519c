package io.skyline.coordinator.config;

import io.skyline.coordinator.data.DataSource;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchSettings.Order;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.scorecard.Task;
import io.skyline.yaml.Document;
import io.skyline.yaml.DocumentWriter;
import io.skyline.yaml.Fields;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Overrides;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads configs. Whatever is wrong with one is found before anything starts, and all of it is
 * reported at once.
 */
public final class ConfigReader {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";
  private static final Duration TIME_LIMIT = Duration.ofMinutes(30);
  private static final long LARGEST_SEED = 1L << 53;
  private static final long PRESET_SEED = 1;
  private static final int MOST_WORKERS = 256;

  private final Problems problems = new Problems();
  private final Path folder;
  private final boolean filesMatter;

  private ConfigReader(Path folder, boolean filesMatter) {
    this.folder = folder;
    this.filesMatter = filesMatter;
  }

  /**
   * Reads a file; relative paths in it start from its folder.
   *
   * @param overrides {@code key.inner=value}, laid over the file before it is checked
   * @throws InvalidDocumentException with everything that is wrong
   */
  public static SearchConfig read(Path file, List<String> overrides) {
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of("/"));
    Value document = Overrides.apply(Document.read(file), overrides);
    String fileName = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
    return new ConfigReader(folder, true).read(document, fileName);
  }

  /**
   * Reads a config that was handed in; its paths are absolute, or start from the working folder.
   *
   * @param fileName for messages only
   * @throws InvalidDocumentException with everything that is wrong
   */
  public static SearchConfig parse(String yaml, String fileName) {
    Value document = Document.read(yaml.getBytes(StandardCharsets.UTF_8), fileName);
    return new ConfigReader(Path.of("").toAbsolutePath(), true).read(document, "search");
  }

  /**
   * Reads the {@link SearchConfig#yaml} of a search that has begun: its data is prepared, so that
   * the files it came from may be gone.
   *
   * @throws InvalidDocumentException with everything that is wrong
   */
  public static SearchConfig reread(String yaml) {
    Value document = Document.read(yaml.getBytes(StandardCharsets.UTF_8), "config");
    return new ConfigReader(Path.of("").toAbsolutePath(), false).read(document, "search");
  }

  private SearchConfig read(Value document, String fileName) {
    Fields fields =
        Fields.of("the config", document, "name: fashion, and the other keys below it", problems);
    if (!(document instanceof Value.Mapping mapping)) {
      problems.throwIfAny();
      throw new IllegalStateException("a config that is no mapping is a problem");
    }
    String name = name(fields, fileName);
    long seed =
        fields
            .take("seed")
            .map(value -> fields.whole(value, "seed", 0, LARGEST_SEED).orElse(PRESET_SEED))
            .orElse(PRESET_SEED);
    Optional<DataSection.Read> data = new DataSection(folder, filesMatter, problems).read(fields);
    Optional<SpaceSection.Read> space = new SpaceSection(folder, problems).read(fields, name);
    Optional<DeviceSection.Read> device = new DeviceSection(folder, problems).read(fields);
    Optional<Goals> goals = new GoalsSection(problems).read(fields);
    Optional<RuntimeBudget> runtime = new RuntimeSection(problems).read(fields, goals);
    SharingSection sharingSection = new SharingSection(problems);
    Optional<SharingSection.Read> sharing = sharingSection.read(fields);
    Optional<ControllerSection.Read> controller =
        new ControllerSection(problems).read(fields, sharing);
    BudgetSection budgets = new BudgetSection(problems);
    BudgetSection.Read budget = budgets.read(fields);
    OptionalInt finalEpochs = budgets.finalEpochs(fields);
    Optional<InheritSettings> inherit = budgets.inherit(fields);
    PrefilterSection prefilterSection = new PrefilterSection(problems);
    Optional<PrefilterSection.Read> prefilter = prefilterSection.read(fields, goals);
    TrainingSection.Read training =
        new TrainingSection(folder, filesMatter, problems).read(fields, budget.epochs());
    int lookahead = fields.integer("lookahead", SearchSettings.DEFAULT_LOOKAHEAD, 1, 100_000);
    Order order = choice(fields, "order", Order.DETERMINISTIC, Order.values());
    TrainingEngine engine =
        choice(fields, "engine", TrainingEngine.ONEDNN, TrainingEngine.values());
    int attempts = fields.integer("attempts", SearchSettings.DEFAULT_ATTEMPTS, 1, 100);
    Duration timeLimit = budgets.timeLimit(fields, TIME_LIMIT);
    OptionalInt workers = workers(fields);
    EarlierSection.Read earlier = new EarlierSection(folder, filesMatter, problems).read(fields);
    fields.end();
    if (data.isEmpty() || space.isEmpty() || goals.isEmpty() || controller.isEmpty()) {
      problems.throwIfAny();
      throw new IllegalStateException("a section that cannot be read is a problem");
    }
    if (sharing.isPresent()) {
      sharingSection.check(sharing.get(), goals.get(), device.isPresent(), budget, engine);
    }
    prefilter.ifPresent(read -> prefilterSection.check(read, goals.get(), engine));
    check(controller.get(), space.get(), goals.get());
    TrainingCheck.check(training, engine, space.get(), fields.place(), problems);
    if (budget.halving().isPresent()) {
      HalvingLimits.of(engine, training.plan())
          .ifPresent(
              why ->
                  problems.add(budget.place().orElse(fields.place()), why, "Remove one of them."));
    }
    new Combinations(mapping, problems).check(earlier.settings().retrain(), inherit.isPresent());
    check(data.get().source(), goals.get(), document.place());
    check(data.get().source(), space.get());
    DeviceSection.check(mapping, goals.get(), problems);
    problems.throwIfAny();
    SearchSettings search =
        new SearchSettings(
            goals.get(),
            budget.budget(),
            lookahead,
            order,
            attempts,
            finalEpochs,
            goals.get().mention(Metric.LATENCY),
            seed,
            workers.orElse(0),
            budget.halving(),
            sharing.map(SharingSection.Read::settings),
            prefilter.map(PrefilterSection.Read::prefilter));
    Value.Mapping resolved =
        mapping
            .with(key("name"), new Value.Scalar(document.place(), name, true))
            .with(key("data"), data.get().resolved())
            .with(key("space"), space.get().resolved());
    if (training.resolved().isPresent()) {
      resolved = resolved.with(key("training"), training.resolved().get());
    }
    if (device.isPresent()) {
      resolved = resolved.with(key(DeviceSection.KEY), device.get().resolved());
    }
    if (earlier.resolved().isPresent()) {
      resolved = resolved.with(key(EarlierSection.KEY), earlier.resolved().get());
    }
    return new SearchConfig(
        name,
        data.get().source(),
        space.get().space(),
        space.get().place(),
        controller.get().settings(),
        search,
        training.plan(),
        training.teachers(),
        training.transfer(),
        training.place("class_weights", fields.place()),
        training.place("augmentation", fields.place()),
        workers,
        engine,
        timeLimit,
        device.map(DeviceSection.Read::predictor),
        runtime,
        earlier.settings(),
        sharing.map(read -> SharingSection.strategy(read, goals.get(), device.isPresent())),
        inherit,
        DocumentWriter.write(resolved));
  }

  private static Value.Scalar key(String name) {
    return new Value.Scalar(new Place("config", 0, 0), name, false);
  }

  private String name(Fields fields, String fileName) {
    String name = fields.text("name").orElse(fileName);
    if (!name.matches(NAME)) {
      problems.add(
          fields.place(),
          "'" + name + "' cannot name a search",
          "Use up to 64 letters, digits, dots, dashes and underscores.");
    }
    return name;
  }

  private static <E extends Enum<E>> E choice(Fields fields, String key, E preset, E[] all) {
    List<String> words = List.of(all).stream().map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
    String word = fields.word(key, preset.name().toLowerCase(Locale.ROOT), words);
    return all[words.indexOf(word)];
  }

  private OptionalInt workers(Fields fields) {
    Optional<Value> value = fields.take("workers");
    if (value.isEmpty()) {
      int processors = Runtime.getRuntime().availableProcessors();
      return OptionalInt.of(Math.min(processors, MOST_WORKERS));
    }
    if (value.get() instanceof Value.Scalar scalar && scalar.text().equals("none")) {
      return OptionalInt.empty();
    }
    Fields workers =
        Fields.of("workers", value.get(), "workers: {local: 2}, or workers: none", problems);
    int local =
        workers
            .require("local", "workers: {local: 2}")
            .map(v -> workers.integer(v, "local", 1, MOST_WORKERS).orElse(1))
            .orElse(1);
    workers.end();
    return OptionalInt.of(local);
  }

  /** A number is not measured by accuracy, nor classes by an error. */
  private void check(DataSource data, Goals goals, Place place) {
    Task task = data.isRegression() ? Task.REGRESSION : Task.CLASSIFICATION;
    for (Metric metric : Metric.values()) {
      if (goals.mention(metric) && metric.task().isPresent() && metric.task().get() != task) {
        problems.add(
            place,
            "'%s' is no measure of %s"
                .formatted(metric.word(), task.name().toLowerCase(Locale.ROOT)),
            task == Task.REGRESSION
                ? "Use mae or r2."
                : "Use accuracy or macro_f1; or write task: regression in data.");
      }
    }
  }

  /** An example leaves early where its class is clear. */
  private void check(DataSource data, SpaceSection.Read space) {
    if (data.isRegression() && space.space().mayExitEarly()) {
      problems.add(
          space.place(),
          "the space '%s' has exits, at which examples leave by their class, but the data asks for"
                  .formatted(space.space().decisions().name())
              + " a number",
          "Remove 'exit' from its stages, or take a space without it.");
    }
  }

  /** Settings that each are fine may still not fit each other; their own record knows. */
  private void check(ControllerSection.Read controller, SpaceSection.Read space, Goals goals) {
    try {
      controller.settings().create(space.space().decisions(), goals, 0);
    } catch (IllegalArgumentException e) {
      problems.add(
          controller.place(),
          "controller: " + e.getMessage(),
          "Change one of its settings; docs/config.md lists them.");
    }
  }
}
