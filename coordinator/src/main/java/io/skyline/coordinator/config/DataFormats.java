package io.skyline.coordinator.config;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.data.ArrayLayout;
import io.skyline.coordinator.data.CifarSource;
import io.skyline.coordinator.data.CifarSource.Variant;
import io.skyline.coordinator.data.CsvFormat;
import io.skyline.coordinator.data.CsvSource;
import io.skyline.coordinator.data.DataSource;
import io.skyline.coordinator.data.FolderSource;
import io.skyline.coordinator.data.NumpySource;
import io.skyline.coordinator.data.NumpySource.Given;
import io.skyline.coordinator.data.SplitRule;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Spelling;
import io.skyline.yaml.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads {@code data} for each format but IDX, one method a format. */
final class DataFormats {
  /** The formats' words. */
  static final List<String> WORDS = List.of("cifar10", "cifar100", "folder", "npz", "npy", "csv");

  private static final List<String> PARTS = List.of("train", "validation", "test");
  private static final List<String> MISSING = List.of("", "NA", "N/A", "NaN", "nan", "null", "?");
  private static final int MOST_SIDE = 1024;

  private final DataFields data;
  private final Fields fields;

  DataFormats(DataFields data) {
    this.data = data;
    this.fields = data.fields();
  }

  Optional<DataSource> read(String format) {
    String name = fields.text("name").orElse(format);
    return switch (format) {
      case "cifar10", "cifar100" -> cifar(name, format);
      case "folder" -> folder(name);
      case "npz" -> npz(name);
      case "npy" -> npy(name);
      default -> csv(name);
    };
  }

  private Optional<DataSource> cifar(String name, String format) {
    Variant variant = Variant.CIFAR10;
    if (format.equals("cifar100")) {
      String labels = fields.word("labels", "fine", List.of("fine", "coarse"));
      variant = labels.equals("fine") ? Variant.CIFAR100 : Variant.CIFAR100_COARSE;
    }
    Variant chosen = variant;
    SplitRule rule = data.rule();
    boolean skipBad = data.skipBad();
    return data.requirePath("path", "path: data/cifar-10-binary.tar.gz")
        .map(path -> new CifarSource(name, path, chosen, rule, skipBad));
  }

  private Optional<DataSource> folder(String name) {
    int channels = fields.word("colour", "rgb", List.of("rgb", "grey")).equals("rgb") ? 3 : 1;
    Optional<Shape> shape = fields.require("size", "size: 32x32").flatMap(v -> size(v, channels));
    SplitRule rule = data.rule();
    boolean skipBad = data.skipBad();
    Optional<Path> path = data.requirePath("path", "path: data/flowers");
    return shape.isEmpty()
        ? Optional.empty()
        : path.map(p -> new FolderSource(name, p, shape.get(), rule, skipBad));
  }

  private Optional<Shape> size(Value value, int channels) {
    Optional<String> text = fields.text(value, "size");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    String[] sides = text.get().strip().split("x", -1);
    List<Integer> extents = new ArrayList<>();
    for (String side : sides) {
      if (side.matches("\\d{1,4}") && Integer.parseInt(side) >= 1) {
        extents.add(Math.min(Integer.parseInt(side), MOST_SIDE + 1));
      }
    }
    if (extents.size() != sides.length
        || sides.length > 2
        || extents.stream().anyMatch(side -> side > MOST_SIDE)) {
      data.problems()
          .add(
              value.place(),
              "'size' cannot be '" + text.get() + "'",
              "Write 32, or rows x columns such as 32x48, at most " + MOST_SIDE + ".");
      return Optional.empty();
    }
    return Optional.of(new Shape(channels, extents.get(0), extents.get(extents.size() - 1)));
  }

  private Optional<DataSource> npz(String name) {
    List<Given> files = new ArrayList<>();
    data.requirePath("train", "train: data/digits.npz")
        .ifPresent(path -> files.add(new Given("train", path, null)));
    for (String part : PARTS.subList(1, 3)) {
      data.path(part).ifPresent(path -> files.add(new Given(part, path, null)));
    }
    return numpy(name, files);
  }

  private Optional<DataSource> npy(String name) {
    List<Given> files = new ArrayList<>();
    for (String part : PARTS) {
      String examples = part + "_examples";
      String labels = part + "_labels";
      if (part.equals("train") || fields.has(examples) || fields.has(labels)) {
        Optional<Path> first = data.requirePath(examples, examples + ": x.npy");
        Optional<Path> second = data.requirePath(labels, labels + ": y.npy");
        if (first.isPresent() && second.isPresent()) {
          files.add(new Given(part, first.get(), second.get()));
        }
      }
    }
    return numpy(name, files);
  }

  private Optional<DataSource> numpy(String name, List<Given> files) {
    Optional<ArrayLayout> layout = data.layout();
    boolean regression = data.isRegression();
    List<String> classes = data.names("classes", "[cat, dog]");
    SplitRule rule = data.rule();
    boolean skipBad = data.skipBad();
    return files.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new NumpySource(name, files, layout.orElse(null), regression, classes, rule, skipBad));
  }

  private Optional<DataSource> csv(String name) {
    Map<String, Path> files = new LinkedHashMap<>();
    data.requirePath("train", "train: data/houses.csv").ifPresent(p -> files.put("train", p));
    for (String part : PARTS.subList(1, 3)) {
      data.path(part).ifPresent(path -> files.put(part, path));
    }
    Optional<String> target =
        fields.require("target", "target: price").flatMap(v -> fields.text(v, "target"));
    boolean regression = data.isRegression();
    Map<String, CsvFormat.Kind> kinds = kinds();
    List<String> missing = fields.has("missing") ? data.names("missing", "['', NA]") : MISSING;
    String separator =
        fields.word("separator", "comma", List.of("comma", "semicolon", "tab", "space"));
    SplitRule rule = data.rule();
    boolean skipBad = data.skipBad();
    if (target.isEmpty() || !files.containsKey("train")) {
      return Optional.empty();
    }
    CsvFormat format =
        new CsvFormat(separator(separator), new HashSet<>(missing), target.get(), kinds);
    return Optional.of(new CsvSource(name, files, format, regression, rule, skipBad));
  }

  private static char separator(String word) {
    return switch (word) {
      case "semicolon" -> ';';
      case "tab" -> '\t';
      case "space" -> ' ';
      default -> ',';
    };
  }

  private Map<String, CsvFormat.Kind> kinds() {
    Map<String, CsvFormat.Kind> kinds = new HashMap<>();
    Optional<Value> value = fields.take("columns");
    if (value.isEmpty()) {
      return kinds;
    }
    if (!(value.get() instanceof Value.Mapping columns)) {
      data.problems()
          .add(
              value.get().place(),
              "'columns' is a group of keys, not " + value.get().kind(),
              "Write, for example, columns: {id: ignore, zip: categorical}.");
      return kinds;
    }
    List<String> words =
        Arrays.stream(CsvFormat.Kind.values())
            .map(kind -> kind.name().toLowerCase(Locale.ROOT))
            .toList();
    for (Value.Entry entry : columns.entries()) {
      String word = entry.value() instanceof Value.Scalar scalar ? scalar.text() : "";
      if (words.contains(word)) {
        kinds.put(entry.name(), CsvFormat.Kind.valueOf(word.toUpperCase(Locale.ROOT)));
      } else {
        data.problems()
            .add(
                entry.value().place(),
                "column '" + entry.name() + "' cannot be " + entry.value().kind(),
                Spelling.suggest(word, words));
      }
    }
    return kinds;
  }
}
