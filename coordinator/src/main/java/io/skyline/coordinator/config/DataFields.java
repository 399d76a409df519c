package io.skyline.coordinator.config;

import io.skyline.coordinator.data.ArrayLayout;
import io.skyline.coordinator.data.Holdout;
import io.skyline.coordinator.data.SplitRule;
import io.skyline.scorecard.Unit;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Quantities;
import io.skyline.yaml.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the formats of {@code data} have in common: paths, splits, names. */
final class DataFields {
  private static final int SPLIT_SEED = 1;

  private final Fields fields;
  private final Value.Mapping mapping;
  private final Path folder;
  private final boolean filesMatter;
  private final Problems problems;
  private final Map<String, Path> paths = new LinkedHashMap<>();

  DataFields(
      Fields fields, Value.Mapping mapping, Path folder, boolean filesMatter, Problems problems) {
    this.fields = fields;
    this.mapping = mapping;
    this.folder = folder;
    this.filesMatter = filesMatter;
    this.problems = problems;
  }

  Fields fields() {
    return fields;
  }

  Problems problems() {
    return problems;
  }

  /** A path that must be given. */
  Optional<Path> requirePath(String key, String example) {
    return fields.require(key, example).flatMap(value -> path(key, value));
  }

  /** A path that may be given. */
  Optional<Path> path(String key) {
    return fields.take(key).flatMap(value -> path(key, value));
  }

  private Optional<Path> path(String key, Value value) {
    Optional<String> text = fields.text(value, key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Path path = folder.resolve(text.get());
    if (filesMatter && !Files.exists(path)) {
      problems.add(
          value.place(),
          "there is no file or folder '" + text.get() + "'",
          "Check the path; it is looked for in " + folder.toAbsolutePath().normalize() + ".");
    }
    paths.put(key, path);
    return Optional.of(path);
  }

  /** How the parts that are not given are drawn. */
  SplitRule rule() {
    return new SplitRule(holdout("validation_share", 0.1), holdout("test_share", 0.2), seed());
  }

  int seed() {
    return fields.integer("split_seed", SPLIT_SEED, 0, Integer.MAX_VALUE);
  }

  Holdout holdout(String key, double preset) {
    return fields.take(key).flatMap(value -> holdout(key, value)).orElse(new Holdout.Share(preset));
  }

  private Optional<Holdout> holdout(String key, Value value) {
    Optional<String> text = fields.text(value, key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    OptionalDouble amount =
        Quantities.read(
            text.get(),
            key,
            text.get().contains("%") ? Unit.FRACTION : Unit.COUNT,
            value.place(),
            problems);
    if (amount.isEmpty()) {
      return Optional.empty();
    }
    double number = amount.getAsDouble();
    if (number > 0 && number < 1) {
      return Optional.of(new Holdout.Share(number));
    }
    if (number >= 1 && number == Math.rint(number) && number <= 1e9 && !text.get().contains("%")) {
      return Optional.of(new Holdout.Count((int) number));
    }
    problems.add(
        value.place(),
        "'" + key + "' cannot be " + text.get(),
        "Write a share below 100 %, or a number of examples.");
    return Optional.empty();
  }

  /** A list of texts; empty if it is not given. */
  List<String> names(String key, String example) {
    Optional<Value> value = fields.take(key);
    if (value.isEmpty()) {
      return List.of();
    }
    if (!(value.get() instanceof Value.Sequence list)) {
      problems.add(
          value.get().place(),
          "'" + key + "' is a list, not " + value.get().kind(),
          "Write " + example + ".");
      return List.of();
    }
    List<String> names = new ArrayList<>();
    list.items().forEach(item -> fields.text(item, key).ifPresent(names::add));
    return names;
  }

  /** Whether a number is to be predicted. */
  boolean isRegression() {
    return fields
        .word("task", "classification", List.of("classification", "regression"))
        .equals("regression");
  }

  /** How the axes of an example are named in its array. */
  Optional<ArrayLayout> layout() {
    List<String> layouts = Arrays.stream(ArrayLayout.values()).map(ArrayLayout::word).toList();
    return fields
        .take("layout")
        .flatMap(value -> fields.word(value, "layout", layouts))
        .map(word -> ArrayLayout.valueOf(word.toUpperCase(Locale.ROOT)));
  }

  boolean skipBad() {
    return fields.flag("skip_bad", false);
  }

  /** The section with every path written out. */
  Value resolved() {
    Value.Mapping resolved = mapping;
    for (Map.Entry<String, Path> entry : paths.entrySet()) {
      String absolute = entry.getValue().toAbsolutePath().normalize().toString();
      resolved =
          resolved.with(
              new Value.Scalar(mapping.place(), entry.getKey(), false),
              new Value.Scalar(mapping.place(), absolute, true));
    }
    return resolved;
  }
}
