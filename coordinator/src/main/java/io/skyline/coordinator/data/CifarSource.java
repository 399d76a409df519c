package io.skyline.coordinator.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.skyline.architecture.Shape;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * CIFAR-10 or CIFAR-100 (Krizhevsky 2009) in its binary version, as it is distributed: a .tar.gz,
 * or the folder that it unpacks to.
 *
 * <p>A record is the label (of CIFAR-100 two: coarse, fine) and 3,072 bytes, 32x32 red, green,
 * blue.
 *
 * @param path of the archive or the folder
 * @param rule for validation data; test data is given
 */
public record CifarSource(String name, Path path, Variant variant, SplitRule rule, boolean skipBad)
    implements DataSource {
  private static final Shape IMAGE = new Shape(3, 32, 32);
  private static final int MOST_NAMES = 1 << 16;

  /** Which of them, and which labels. */
  public enum Variant {
    CIFAR10(1, 0, 10, "batches.meta.txt", "data_batch_\\d+\\.bin", "test_batch.bin"),
    CIFAR100(2, 1, 100, "fine_label_names.txt", "train\\.bin", "test.bin"),
    /** CIFAR-100 in its 20 superclasses. */
    CIFAR100_COARSE(2, 0, 20, "coarse_label_names.txt", "train\\.bin", "test.bin");

    private final int labelBytes;
    private final int labelAt;
    private final int classes;
    private final String names;
    private final String train;
    private final String test;

    Variant(int labelBytes, int labelAt, int classes, String names, String train, String test) {
      this.labelBytes = labelBytes;
      this.labelAt = labelAt;
      this.classes = classes;
      this.names = names;
      this.train = train;
      this.test = test;
    }

    Optional<Part> part(String file) {
      if (file.matches(train)) {
        return Optional.of(Part.TRAIN);
      }
      return file.equals(test) ? Optional.of(Part.TEST) : Optional.empty();
    }
  }

  /** Where the bytes of one file come from. */
  private interface Input {
    byte[] bytes(int count, String what);

    long position();

    DataException fault(long at, String what, String advice);
  }

  @Override
  public DataSplits read() {
    Intake intake = new Intake(IMAGE, false);
    BadExamples bad = new BadExamples(skipBad);
    try {
      List<String> names = Files.isDirectory(path) ? folder(intake, bad) : archive(intake, bad);
      for (Part part : List.of(Part.TRAIN, Part.TEST)) {
        if (intake.positions(part).length == 0) {
          throw new DataException(
              "there is no file of %s images of %s in %s".formatted(part.word(), variant, path),
              "name the binary version, cifar-10-binary.tar.gz or its like, or its folder");
        }
      }
      List<String> classes = names.isEmpty() ? numbered() : names;
      return DataSplits.classes(name, classes, intake, rule, List.of(), bad.skipped());
    } catch (RuntimeException e) {
      intake.close();
      throw e;
    }
  }

  private List<String> numbered() {
    return IntStream.range(0, variant.classes).mapToObj(Integer::toString).toList();
  }

  private List<String> archive(Intake intake, BadExamples bad) {
    List<String> names = List.of();
    try (TarEntries tar = new TarEntries(RawFile.of(path))) {
      for (TarEntries.Entry entry = tar.next(); !entry.name().isEmpty(); entry = tar.next()) {
        Input input = ofArchive(tar);
        Optional<Part> part = variant.part(entry.name());
        if (part.isPresent()) {
          records(part.get(), entry.name(), entry.bytes(), input, intake, bad);
        } else if (entry.name().equals(variant.names)) {
          names = names(entry.bytes(), input);
        }
      }
    }
    return names;
  }

  private static Input ofArchive(TarEntries tar) {
    return new Input() {
      @Override
      public byte[] bytes(int count, String what) {
        return tar.bytes(count, what);
      }

      @Override
      public long position() {
        return tar.position();
      }

      @Override
      public DataException fault(long at, String what, String advice) {
        return tar.fault(at, what, advice);
      }
    };
  }

  private List<String> folder(Intake intake, BadExamples bad) {
    Map<String, Path> files = new TreeMap<>();
    for (Path file : FolderFiles.in(path, 2)) {
      files.put(String.valueOf(file.getFileName()), file);
    }
    List<String> names = List.of();
    for (Map.Entry<String, Path> entry : files.entrySet()) {
      Optional<Part> part = variant.part(entry.getKey());
      if (part.isPresent()) {
        read(
            entry.getValue(),
            file -> {
              records(part.get(), entry.getKey(), file.bytes, file, intake, bad);
              return 0;
            });
      } else if (entry.getKey().equals(variant.names)) {
        names = read(entry.getValue(), file -> names(file.bytes, file));
      }
    }
    return names;
  }

  private static <T> T read(Path path, Function<FileInput, T> use) {
    RawFile file = RawFile.of(path);
    try (ContentReader content = new ContentReader(file)) {
      return use.apply(new FileInput(content, file.bytes()));
    }
  }

  private record FileInput(ContentReader content, long bytes) implements Input {
    @Override
    public byte[] bytes(int count, String what) {
      return content.bytes(count, what);
    }

    @Override
    public long position() {
      return content.position();
    }

    @Override
    public DataException fault(long at, String what, String advice) {
      return content.fault(at, what, advice);
    }
  }

  private void records(
      Part part, String file, long bytes, Input input, Intake intake, BadExamples bad) {
    intake.begin(part, file);
    int pixels = Math.toIntExact(IMAGE.elements());
    int size = variant.labelBytes + pixels;
    long begin = input.position();
    if (bytes == 0 || bytes % size != 0) {
      throw input.fault(
          begin + bytes / size * size,
          "%s has %,d bytes, which is no whole number of records of %,d"
              .formatted(file, bytes, size),
          "it is cut, or not of " + variant + ": get it again");
    }
    for (long record = 0; record < bytes / size; record++) {
      long at = input.position();
      byte[] labels = input.bytes(variant.labelBytes, "a label of " + file);
      byte[] image = input.bytes(pixels, "an image of " + file);
      int label = labels[variant.labelAt] & 0xff;
      if (label < variant.classes) {
        intake.add(image, label);
      } else {
        bad.found(
            input.fault(
                at + variant.labelAt,
                "label %d in record %,d of %s, but there are %d classes"
                    .formatted(label, record, file, variant.classes),
                "correct it, or write skip_bad: true"));
      }
    }
  }

  private List<String> names(long bytes, Input input) {
    long at = input.position();
    if (bytes > MOST_NAMES) {
      throw input.fault(
          at, variant.names + " is too long", "it holds one class name a line: get it again");
    }
    String text = new String(input.bytes((int) bytes, variant.names), UTF_8);
    List<String> names = text.lines().map(String::strip).filter(n -> !n.isEmpty()).toList();
    if (names.size() != variant.classes) {
      throw input.fault(
          at,
          "%s has %d names, not %d".formatted(variant.names, names.size(), variant.classes),
          "get it again");
    }
    return names;
  }
}
