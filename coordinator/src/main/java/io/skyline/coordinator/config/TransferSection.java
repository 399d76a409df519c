package io.skyline.coordinator.config;

import io.skyline.coordinator.data.ArrayLayout;
import io.skyline.coordinator.data.UnlabelledSource;
import io.skyline.coordinator.data.UnlabelledSource.Format;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads {@code training.distillation.transfer}: examples without labels to be taught on. */
final class TransferSection {
  private static final String KEY = "transfer";
  private static final String EXAMPLE = "transfer: {format: npz, path: data/more.npz}";

  private final Path folder;
  private final boolean filesMatter;
  private final Problems problems;

  TransferSection(Path folder, boolean filesMatter, Problems problems) {
    this.folder = folder;
    this.filesMatter = filesMatter;
    this.problems = problems;
  }

  /** Where the examples are, and the section with the path written out. */
  record Read(UnlabelledSource source, Value resolved) {}

  Optional<Read> read(Fields distillation) {
    Optional<Value> value = distillation.take(KEY);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = Fields.of(KEY, value.get(), EXAMPLE, problems);
    if (!(value.get() instanceof Value.Mapping mapping)) {
      return Optional.empty();
    }
    DataFields data = new DataFields(fields, mapping, folder, filesMatter, problems);
    List<String> formats = Arrays.stream(Format.values()).map(Format::word).toList();
    Optional<Format> format =
        fields
            .require("format", EXAMPLE)
            .flatMap(v -> fields.word(v, "format", formats))
            .map(word -> Format.valueOf(word.toUpperCase(Locale.ROOT)));
    Optional<Path> path = data.requirePath("path", "path: data/more.npz");
    boolean arrays = format.isEmpty() || format.get() == Format.NPZ || format.get() == Format.NPY;
    Optional<ArrayLayout> layout = arrays ? data.layout() : Optional.empty();
    boolean skipBad = data.skipBad();
    fields.end();
    if (format.isEmpty() || path.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Read(
            new UnlabelledSource(
                format.get(), path.get(), layout.orElse(null), skipBad, mapping.place()),
            data.resolved()));
  }
}
