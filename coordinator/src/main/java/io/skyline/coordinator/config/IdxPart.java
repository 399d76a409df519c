package io.skyline.coordinator.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One part of an IDX data set, and the names under which its two files are found. */
enum IdxPart {
  TRAIN("train"),
  TEST("t10k", "test");

  private static final String IMAGES = "-images-idx3-ubyte";
  private static final String LABELS = "-labels-idx1-ubyte";

  private final List<String> beginnings;

  IdxPart(String... beginnings) {
    this.beginnings = List.of(beginnings);
  }

  /** The key in configs. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What a folder has to hold, for people. */
  String names() {
    return beginnings.get(0) + IMAGES + "[.gz] and " + beginnings.get(0) + LABELS + "[.gz]";
  }

  /** Two files that belong together. */
  record Pair(Path images, Path labels) {}

  /** The files in a folder, or those whose names begin so. */
  Optional<Pair> find(Path folderOrBeginning) {
    List<String> starts = new ArrayList<>();
    if (Files.isDirectory(folderOrBeginning)) {
      beginnings.forEach(b -> starts.add(folderOrBeginning.resolve(b).toString()));
    } else {
      starts.add(folderOrBeginning.toString());
    }
    for (String start : starts) {
      Optional<Path> images = existing(start + IMAGES);
      Optional<Path> labels = existing(start + LABELS);
      if (images.isPresent() && labels.isPresent()) {
        return Optional.of(new Pair(images.get(), labels.get()));
      }
    }
    return Optional.empty();
  }

  private static Optional<Path> existing(String name) {
    return List.of(Path.of(name), Path.of(name + ".gz")).stream()
        .filter(Files::isRegularFile)
        .findFirst();
  }
}
