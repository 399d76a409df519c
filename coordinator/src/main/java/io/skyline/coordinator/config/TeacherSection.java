package io.skyline.coordinator.config;

import io.skyline.coordinator.artifact.Fingerprint;
import io.skyline.recipe.Distillation;
import io.skyline.recipe.Distillation.Format;
import io.skyline.recipe.Distillation.Seen;
import io.skyline.recipe.Distillation.Teacher;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads {@code training.distillation}: the teachers' files and how they are followed.
 *
 * <p>A file is named by its path alone, or with the digest that it must have; resolved, it always
 * has one, so that a search which is resumed needs the file no more.
 */
final class TeacherSection {
  private static final String KEY = "distillation";
  private static final String EXAMPLE = "distillation: {teacher: runs/big-1/models/7}";
  private static final String MODEL = "model.onnx";
  private static final int MOST_TEACHERS = 16;
  private static final long LARGEST_BYTES = 1L << 30;

  private final Path folder;
  private final boolean filesMatter;
  private final Problems problems;
  private final TransferSection transfer;

  TeacherSection(Path folder, boolean filesMatter, Problems problems) {
    this.folder = folder;
    this.filesMatter = filesMatter;
    this.problems = problems;
    this.transfer = new TransferSection(folder, filesMatter, problems);
  }

  /** Teachers, and how they are followed. */
  record Read(
      Distillation distillation,
      List<TeacherFile> files,
      Optional<TransferSection.Read> transfer,
      Value.Mapping section) {
    /** The training section with every teacher's path and digest written out. */
    Value.Mapping resolved(Value.Mapping training) {
      Place place = section.place();
      List<Value> teachers = new ArrayList<>();
      for (TeacherFile file : files) {
        teachers.add(
            new Value.Mapping(place, List.of())
                .with(key(place, "file"), text(place, file.file().toString()))
                .with(key(place, "sha256"), text(place, file.teacher().digest()))
                .with(
                    key(place, "bytes"),
                    new Value.Scalar(place, Long.toString(file.teacher().bytes()), false)));
      }
      Value.Mapping resolved =
          section.with(key(place, "teacher"), new Value.Sequence(place, teachers));
      if (transfer.isPresent()) {
        resolved = resolved.with(key(place, "transfer"), transfer.get().resolved());
      }
      return training.with(key(place, KEY), resolved);
    }

    private static Value.Scalar key(Place place, String name) {
      return new Value.Scalar(place, name, false);
    }

    private static Value.Scalar text(Place place, String text) {
      return new Value.Scalar(place, text, true);
    }
  }

  Optional<Read> read(Fields training) {
    Optional<Value> value = training.take(KEY);
    if (value.isEmpty() || isNone(value.get())) {
      return Optional.empty();
    }
    Fields fields = Fields.of(KEY, value.get(), EXAMPLE, problems);
    if (!(value.get() instanceof Value.Mapping section)) {
      return Optional.empty();
    }
    List<TeacherFile> files =
        fields.require("teacher", EXAMPLE).map(v -> teachers(v, fields)).orElse(List.of());
    double temperature = fields.number("temperature", Distillation.USUAL_TEMPERATURE, 0.1, 100);
    double alpha = fields.number("alpha", Distillation.USUAL_ALPHA, 0, 1);
    Seen seen = seen(fields, files);
    Optional<TransferSection.Read> unlabelled = transfer.read(fields);
    fields.end();
    if (files.isEmpty()) {
      return Optional.empty();
    }
    List<Teacher> teachers = files.stream().map(TeacherFile::teacher).toList();
    Distillation distillation = new Distillation(temperature, alpha, teachers, seen);
    return Optional.of(new Read(distillation, files, unlabelled, section));
  }

  private Seen seen(Fields fields, List<TeacherFile> files) {
    Optional<Value> value = fields.take("teacher_sees");
    List<String> words = Arrays.stream(Seen.values()).map(Seen::word).toList();
    Seen seen =
        value
            .flatMap(v -> fields.word(v, "teacher_sees", words))
            .map(Seen::of)
            .orElse(Seen.ORIGINAL);
    if (seen == Seen.AUGMENTED
        && files.stream().anyMatch(file -> file.teacher().format() != Format.ONNX)) {
      problems.add(
          value.get().place(),
          "a DL4J .zip is asked about examples as they are only",
          "Name an .onnx file, or write teacher_sees: original.");
    }
    return seen;
  }

  private static boolean isNone(Value value) {
    return value instanceof Value.Scalar scalar && scalar.text().equals("none");
  }

  private List<TeacherFile> teachers(Value value, Fields fields) {
    List<Value> items = value instanceof Value.Sequence list ? list.items() : List.of(value);
    if (items.isEmpty() || items.size() > MOST_TEACHERS) {
      problems.add(
          value.place(),
          "'teacher' is one model, or a list of at most " + MOST_TEACHERS,
          "Write, for example, " + EXAMPLE + ".");
      return List.of();
    }
    List<TeacherFile> teachers = new ArrayList<>();
    for (Value item : items) {
      teacher(item, fields).ifPresent(teachers::add);
    }
    return teachers.size() == items.size() ? teachers : List.of();
  }

  private Optional<TeacherFile> teacher(Value value, Fields fields) {
    if (!(value instanceof Value.Mapping)) {
      return fields.text(value, "teacher").flatMap(text -> stored(text, value.place()));
    }
    Fields named = Fields.of("teacher", value, "{file: model.onnx, sha256: 1f0c...}", problems);
    Optional<String> file =
        named.require("file", "file: model.onnx").flatMap(v -> named.text(v, "file"));
    Optional<Value> sha256 = named.require("sha256", "sha256: 1f0c...");
    Optional<String> digest = sha256.flatMap(v -> digest(v, named));
    OptionalLong bytes =
        named
            .take("bytes")
            .map(v -> named.whole(v, "bytes", 0, LARGEST_BYTES))
            .orElse(OptionalLong.of(0));
    named.end();
    if (file.isEmpty() || digest.isEmpty() || bytes.isEmpty()) {
      return Optional.empty();
    }
    if (!filesMatter) {
      return format(file.get(), value.place())
          .map(f -> new Teacher(f, digest.get(), bytes.getAsLong()))
          .map(t -> new TeacherFile(folder.resolve(file.get()), t));
    }
    Optional<TeacherFile> stored = stored(file.get(), value.place());
    if (stored.isPresent() && !stored.get().teacher().digest().equals(digest.get())) {
      problems.add(
          sha256.orElse(value).place(),
          "'%s' has the digest %s".formatted(file.get(), stored.get().teacher().digest()),
          "It is another file than the one that was meant; name that one, or correct sha256.");
      return Optional.empty();
    }
    return stored;
  }

  private Optional<String> digest(Value value, Fields fields) {
    Optional<String> text = fields.text(value, "sha256");
    if (text.isPresent() && !text.get().matches("[0-9a-f]{64}")) {
      problems.add(
          value.place(),
          "'sha256' cannot be '" + text.get() + "'",
          "Write 64 digits in lower case.");
      return Optional.empty();
    }
    return text;
  }

  /** A file, or a folder with a model as searches publish it, read for its digest. */
  private Optional<TeacherFile> stored(String text, Place place) {
    Path named = folder.resolve(text);
    Path file = Files.isDirectory(named) ? named.resolve(MODEL) : named;
    if (!Files.isRegularFile(file)) {
      problems.add(
          place,
          Files.isDirectory(named)
              ? "the folder '" + text + "' has no " + MODEL
              : "there is no file '" + text + "'",
          "A teacher is an .onnx file, a DL4J .zip, or a folder with "
              + MODEL
              + " such as runs/big-1/models/7; it is looked for in "
              + folder.toAbsolutePath().normalize()
              + ".");
      return Optional.empty();
    }
    try {
      if (Files.size(file) > LARGEST_BYTES) {
        problems.add(place, "'" + text + "' is larger than 1 GiB", "Choose a smaller teacher.");
        return Optional.empty();
      }
      Optional<Format> format = format(file.toString(), place);
      if (format.isEmpty()) {
        return Optional.empty();
      }
      Fingerprint print = Fingerprint.of(file);
      return Optional.of(
          new TeacherFile(
              file.toAbsolutePath().normalize(),
              new Teacher(format.get(), print.digest(), print.bytes())));
    } catch (IOException e) {
      problems.add(
          place, "'" + text + "' cannot be read: " + e.getMessage(), "Check its permissions.");
      return Optional.empty();
    }
  }

  private Optional<Format> format(String file, Place place) {
    for (Format format : Format.values()) {
      if (file.endsWith("." + format.word())) {
        return Optional.of(format);
      }
    }
    problems.add(
        place,
        "'" + file + "' is neither an .onnx nor a .zip file",
        "A teacher is an ONNX model, or a DL4J model in a zip.");
    return Optional.empty();
  }
}
