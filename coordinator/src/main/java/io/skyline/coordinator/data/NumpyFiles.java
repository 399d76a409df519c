package io.skyline.coordinator.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Finds the arrays of a part in an NPZ, by the names that people give them. */
final class NumpyFiles {
  private static final List<String> EXAMPLES = List.of("images", "x", "X", "data", "values");
  private static final List<String> ANSWERS = List.of("labels", "y", "Y", "targets", "label");

  private NumpyFiles() {}

  /** Two arrays that belong together. */
  record Pair(RawFile examples, RawFile answers) {}

  /**
   * The arrays of a part.
   *
   * @param alone whether the file is that part's own, so that its arrays need not say it
   */
  static Optional<Pair> find(Path npz, Part part, boolean alone) {
    try (ZipFile zip = new ZipFile(npz.toFile())) {
      List<String> words =
          part == Part.VALIDATION ? List.of("validation", "valid", "val") : List.of(part.word());
      for (String word : words) {
        Optional<RawFile> examples = entry(zip, npz, EXAMPLES, "%s_" + word, word + "_%s");
        Optional<RawFile> answers = entry(zip, npz, ANSWERS, "%s_" + word, word + "_%s");
        if (examples.isPresent() && answers.isPresent()) {
          return Optional.of(new Pair(examples.get(), answers.get()));
        }
      }
      Optional<RawFile> examples = entry(zip, npz, EXAMPLES, "%s");
      Optional<RawFile> answers = entry(zip, npz, ANSWERS, "%s");
      return alone && examples.isPresent() && answers.isPresent()
          ? Optional.of(new Pair(examples.get(), answers.get()))
          : Optional.empty();
    } catch (IOException e) {
      throw unreadable(npz, e);
    }
  }

  /** The array of examples in a file that may have no labels. */
  static Optional<RawFile> examples(Path npz) {
    try (ZipFile zip = new ZipFile(npz.toFile())) {
      return entry(zip, npz, EXAMPLES, "%s", "%s_unlabelled", "unlabelled_%s");
    } catch (IOException e) {
      throw unreadable(npz, e);
    }
  }

  private static DataException unreadable(Path npz, IOException e) {
    return new DataException(
        npz.toString(),
        "byte 0",
        "it cannot be read as an NPZ (" + e.getMessage() + ")",
        "name one that numpy.savez wrote, or get it again",
        e);
  }

  /** What {@link #find} looks for, for people. */
  static String expected() {
    return "arrays " + String.join("|", EXAMPLES) + " and " + String.join("|", ANSWERS);
  }

  /** The arrays that {@link #examples} looks for, for people. */
  static String expectedExamples() {
    return String.join("|", EXAMPLES);
  }

  private static Optional<RawFile> entry(
      ZipFile zip, Path npz, List<String> names, String... forms) {
    for (String form : forms) {
      for (String name : names) {
        ZipEntry entry = zip.getEntry(form.formatted(name) + ".npy");
        if (entry != null) {
          return Optional.of(raw(npz, entry));
        }
      }
    }
    return Optional.empty();
  }

  private static RawFile raw(Path npz, ZipEntry entry) {
    String name = npz + "/" + entry.getName();
    if (entry.getSize() > entry.getCompressedSize() * ContentReader.MAX_INFLATION + 1024) {
      throw new DataException(
          name,
          "byte 0",
          "%,d bytes cannot unpack to %,d".formatted(entry.getCompressedSize(), entry.getSize()),
          "the archive is damaged: get it again",
          null);
    }
    return new RawFile(name, entry.getSize(), () -> open(npz, entry.getName()));
  }

  /** An entry's content; the archive is closed with it. */
  private static InputStream open(Path npz, String entry) throws IOException {
    ZipFile zip = new ZipFile(npz.toFile());
    try {
      InputStream content = zip.getInputStream(zip.getEntry(entry));
      return new java.io.FilterInputStream(content) {
        @Override
        public void close() throws IOException {
          super.close();
          zip.close();
        }
      };
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }
}
