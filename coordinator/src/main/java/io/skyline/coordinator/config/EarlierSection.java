package io.skyline.coordinator.config;

import io.skyline.coordinator.config.EarlierSettings.Evaluations;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code evaluations} and {@code warm_start}. */
final class EarlierSection {
  /** The key of runs to learn from. */
  static final String KEY = "warm_start";

  private static final String EXAMPLE = "warm_start: [runs/fashion-1]";
  private static final int MOST_RUNS = 100;

  private final Path folder;
  private final boolean filesMatter;
  private final Problems problems;

  EarlierSection(Path folder, boolean filesMatter, Problems problems) {
    this.folder = folder;
    this.filesMatter = filesMatter;
    this.problems = problems;
  }

  /** The settings, and {@code warm_start} with paths written out, if it is there. */
  record Read(EarlierSettings settings, Optional<Value> resolved) {}

  Read read(Fields config) {
    List<String> words =
        Arrays.stream(Evaluations.values()).map(e -> e.name().toLowerCase(Locale.ROOT)).toList();
    Evaluations evaluations =
        Evaluations.valueOf(
            config.word("evaluations", words.get(0), words).toUpperCase(Locale.ROOT));
    Optional<Value> value = config.take(KEY);
    if (value.isEmpty()) {
      return new Read(
          new EarlierSettings(evaluations, List.of(), false, config.place()), Optional.empty());
    }
    Place place = value.get().place();
    Value list = value.get();
    boolean retrain = false;
    if (value.get() instanceof Value.Mapping) {
      Fields fields = Fields.of(KEY, value.get(), EXAMPLE, problems);
      list = fields.require("runs", "runs: [runs/fashion-1]").orElse(value.get());
      retrain = fields.flag("retrain", false);
      fields.end();
      if (list == value.get()) {
        return new Read(
            new EarlierSettings(evaluations, List.of(), false, place), Optional.empty());
      }
    }
    List<Path> runs = runs(list, config);
    return new Read(
        new EarlierSettings(evaluations, runs, retrain, place),
        Optional.of(resolved(place, runs, retrain)));
  }

  private List<Path> runs(Value value, Fields config) {
    List<Value> items = value instanceof Value.Sequence list ? list.items() : List.of(value);
    if (items.size() > MOST_RUNS) {
      problems.add(
          value.place(), "'warm_start' names more than " + MOST_RUNS + " runs", "Name fewer.");
      return List.of();
    }
    List<Path> runs = new ArrayList<>();
    for (Value item : items) {
      Optional<String> text = config.text(item, KEY);
      if (text.isEmpty()) {
        continue;
      }
      Path run = folder.resolve(text.get()).toAbsolutePath().normalize();
      if (filesMatter && !Files.isRegularFile(run.resolve("config.yaml"))) {
        problems.add(
            item.place(),
            run + " holds no run (no config.yaml)",
            "Name the folder of an earlier run, such as runs/fashion-1.");
      }
      runs.add(run);
    }
    return runs;
  }

  private static Value resolved(Place place, List<Path> runs, boolean retrain) {
    List<Value> paths = new ArrayList<>();
    runs.forEach(run -> paths.add(new Value.Scalar(place, run.toString(), true)));
    return new Value.Mapping(place, List.of())
        .with(new Value.Scalar(place, "runs", false), new Value.Sequence(place, paths))
        .with(
            new Value.Scalar(place, "retrain", false),
            new Value.Scalar(place, Boolean.toString(retrain), false));
  }
}
