package io.skyline.coordinator.config;

import io.skyline.coordinator.data.DataSource;
import io.skyline.coordinator.data.EmbeddedSource;
import io.skyline.coordinator.data.Holdout;
import io.skyline.coordinator.data.IdxSource;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Spelling;
import io.skyline.yaml.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads {@code data}: the name of an embedded set, or where files lie. */
final class DataSection {
  private static final String EXAMPLE = "data: fashion-mini";
  private static final String IDX_EXAMPLE =
      "data: {format: idx, train: data/train, test: data/t10k}";

  /** The folder of all files of a set. */
  private static final String BOTH = "path";

  private final Path folder;
  private final boolean filesMatter;
  private final Problems problems;

  /**
   * @param folder that relative paths start from
   * @param filesMatter whether missing files are a problem
   */
  DataSection(Path folder, boolean filesMatter, Problems problems) {
    this.folder = folder;
    this.filesMatter = filesMatter;
    this.problems = problems;
  }

  /** The source, and the section with every path written out. */
  record Read(DataSource source, Value resolved) {}

  Optional<Read> read(Fields config) {
    Optional<Value> value = config.require("data", EXAMPLE);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return value.get() instanceof Value.Mapping mapping
        ? files(mapping)
        : config.text(value.get(), "data").flatMap(name -> embedded(name, value.get()));
  }

  private Optional<Read> embedded(String name, Value value) {
    if (!EmbeddedSource.NAMES.contains(name)) {
      problems.add(
          value.place(),
          "there is no embedded data set '" + name + "'",
          Spelling.suggest(name, EmbeddedSource.NAMES)
              + " For files of your own write "
              + IDX_EXAMPLE
              + ".");
      return Optional.empty();
    }
    return Optional.of(new Read(new EmbeddedSource(name), value));
  }

  private Optional<Read> files(Value.Mapping mapping) {
    Fields fields = Fields.of("data", mapping, IDX_EXAMPLE, problems);
    List<String> formats = Stream.concat(Stream.of("idx"), DataFormats.WORDS.stream()).toList();
    Optional<String> format =
        fields.require("format", IDX_EXAMPLE).flatMap(v -> fields.word(v, "format", formats));
    if (format.isEmpty()) {
      return Optional.empty();
    }
    DataFields data = new DataFields(fields, mapping, folder, filesMatter, problems);
    if (format.get().equals("idx")) {
      return idx(data, mapping);
    }
    Optional<DataSource> source = new DataFormats(data).read(format.get());
    fields.end();
    return source.map(found -> new Read(found, data.resolved()));
  }

  private Optional<Read> idx(DataFields data, Value.Mapping mapping) {
    Fields fields = data.fields();
    String name = fields.text("name").orElse("idx");
    Map<String, Path> paths = new LinkedHashMap<>();
    Optional<Value> both = fields.take(BOTH);
    for (IdxPart part : IdxPart.values()) {
      if (both.isPresent()) {
        fields.text(both.get(), BOTH).ifPresent(text -> found(part, BOTH, text, both.get(), paths));
      } else {
        paths(part, fields, paths);
      }
    }
    Holdout validation = data.holdout("validation", 0.1);
    int seed = data.seed();
    List<String> classes = data.names("classes", "[cat, dog]");
    fields.end();
    if (paths.size() < 4) {
      return Optional.empty();
    }
    DataSource source =
        new IdxSource(
            name,
            path(paths, "train_images"),
            path(paths, "train_labels"),
            path(paths, "test_images"),
            path(paths, "test_labels"),
            validation,
            seed,
            classes);
    return Optional.of(new Read(source, resolved(mapping, paths)));
  }

  private static Path path(Map<String, Path> paths, String key) {
    Path path = paths.get(key);
    if (path == null) {
      throw new IllegalStateException(key + " was not resolved");
    }
    return path;
  }

  /** The images and labels of one part, named together or one by one. */
  private void paths(IdxPart part, Fields fields, Map<String, Path> paths) {
    Optional<Value> together = fields.take(part.word());
    Optional<Value> images = fields.take(part.word() + "_images");
    Optional<Value> labels = fields.take(part.word() + "_labels");
    if (together.isPresent() && images.isEmpty() && labels.isEmpty()) {
      fields
          .text(together.get(), part.word())
          .ifPresent(text -> found(part, part.word(), text, together.get(), paths));
    } else if (together.isEmpty() && images.isPresent() && labels.isPresent()) {
      file(fields, part.word() + "_images", images.get(), paths);
      file(fields, part.word() + "_labels", labels.get(), paths);
    } else {
      problems.add(
          together.or(() -> images).or(() -> labels).map(Value::place).orElse(fields.place()),
          "data needs either '%1$s' or both '%1$s_images' and '%1$s_labels'".formatted(part.word()),
          "Write, for example, " + IDX_EXAMPLE + ".");
    }
  }

  private void found(IdxPart part, String key, String text, Value value, Map<String, Path> paths) {
    part.find(folder.resolve(text))
        .ifPresentOrElse(
            found -> {
              paths.put(part.word() + "_images", found.images());
              paths.put(part.word() + "_labels", found.labels());
            },
            () -> missing(value.place(), part, key, text));
  }

  private void missing(Place place, IdxPart part, String key, String text) {
    problems.add(
        place,
        "there are no IDX files at '" + text + "'",
        "'%s' names a folder with %s, or the files' common beginning; it is looked for in %s."
            .formatted(key, part.names(), folder.toAbsolutePath().normalize()));
  }

  private void file(Fields fields, String key, Value value, Map<String, Path> paths) {
    Optional<String> text = fields.text(value, key);
    if (text.isEmpty()) {
      return;
    }
    Path file = folder.resolve(text.get());
    if (filesMatter && !Files.isRegularFile(file)) {
      problems.add(
          value.place(),
          "there is no file '" + text.get() + "'",
          "Check the path; it is looked for in " + folder.toAbsolutePath().normalize() + ".");
    }
    paths.put(key, file);
  }

  private static Value resolved(Value.Mapping mapping, Map<String, Path> paths) {
    List<Value.Entry> others =
        mapping.entries().stream()
            .filter(entry -> !List.of("train", "test", BOTH).contains(entry.name()))
            .toList();
    Value.Mapping resolved = new Value.Mapping(mapping.place(), others);
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
