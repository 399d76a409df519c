package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.data.TableEncoding.RawColumn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tables: numbers and categories to predict a class or a number from.
 *
 * @param files of the parts that are given, by {@code train}, {@code validation}, {@code test};
 *     training is
 * @param isRegression whether the target is a number
 * @param rule for the parts that have no file
 * @param skipBad whether records that cannot be used are left out
 */
public record CsvSource(
    String name,
    Map<String, Path> files,
    CsvFormat format,
    boolean isRegression,
    SplitRule rule,
    boolean skipBad)
    implements DataSource {
  /** Category indices are kept as floats, which hold them exactly. */
  private static final int MOST_WORDS = 1 << 24;

  public CsvSource {
    files = Map.copyOf(files);
  }

  @Override
  public DataSplits read() {
    CsvSchema schema = CsvSchema.of(file(Part.TRAIN), format, isRegression);
    Intake intake = new Intake(Shape.flat(schema.columns().size()), true);
    BadExamples bad = new BadExamples(skipBad);
    try {
      Map<Integer, Map<String, Integer>> words = new HashMap<>();
      for (Part part : Part.values()) {
        if (files.containsKey(part.word())) {
          new Records(schema, words, intake, bad).read(part, file(part));
        }
      }
      DataSplits raw =
          isRegression
              ? DataSplits.numbers(name, format.target(), intake, rule, List.of(), bad.skipped())
              : DataSplits.classes(name, schema.classes(), intake, rule, List.of(), bad.skipped());
      TableEncoding encoding = new TableEncoding(columns(schema, words), raw.train(), name);
      return new DataSplits(
          name,
          raw.classNames(),
          encoding.encode(raw.train()),
          encoding.encode(raw.validation()),
          encoding.encode(raw.test()),
          raw.target(),
          encoding.features(),
          raw.skipped(),
          raw.source());
    } catch (RuntimeException e) {
      intake.close();
      throw e;
    }
  }

  private RawFile file(Part part) {
    Path path = files.get(part.word());
    if (path == null) {
      throw new IllegalStateException("no file of " + part);
    }
    return RawFile.of(path);
  }

  private static List<RawColumn> columns(
      CsvSchema schema, Map<Integer, Map<String, Integer>> words) {
    List<RawColumn> columns = new ArrayList<>();
    schema
        .columns()
        .forEach(
            (place, numeric) -> {
              Map<String, Integer> found = words.getOrDefault(place, Map.of());
              List<String> byIndex =
                  new ArrayList<>(java.util.Collections.nCopies(found.size(), ""));
              found.forEach((word, index) -> byIndex.set(index, word));
              columns.add(new RawColumn(schema.header().get(place), numeric ? null : byIndex));
            });
    return columns;
  }

  private static int index(Map<String, Integer> known, String word) {
    Integer index = known.putIfAbsent(word, known.size());
    return index == null ? known.size() - 1 : index;
  }

  /** Takes the records of a file in. */
  private final class Records {
    private final CsvSchema schema;
    private final Map<Integer, Map<String, Integer>> words;
    private final Intake intake;
    private final BadExamples bad;
    private final Map<String, Integer> classes = new HashMap<>();

    Records(
        CsvSchema schema,
        Map<Integer, Map<String, Integer>> words,
        Intake intake,
        BadExamples bad) {
      this.schema = schema;
      this.words = words;
      this.intake = intake;
      this.bad = bad;
      schema.classes().forEach(name -> classes.put(name, classes.size()));
    }

    void read(Part part, RawFile file) {
      try (CsvReader csv = new CsvReader(file, format.separator())) {
        schema.check(csv);
        intake.begin(part, part.word());
        int before = intake.count();
        for (List<String> fields = csv.next(); fields != null; fields = csv.next()) {
          try {
            take(fields, csv);
          } catch (DataException e) {
            bad.found(e);
          }
        }
        if (intake.count() == before) {
          throw csv.fault("the file has no example", "put records below the names of columns");
        }
      }
    }

    private void take(List<String> fields, CsvReader csv) {
      if (fields.size() != schema.header().size()) {
        throw csv.fault(
            "the record has %d fields, but there are %d columns"
                .formatted(fields.size(), schema.header().size()),
            "correct it, or write skip_bad: true");
      }
      byte[] record = record(fields, csv);
      String answer = fields.get(schema.target()).strip();
      if (isRegression) {
        if (format.isMissing(answer) || !CsvSchema.isNumber(answer)) {
          throw answer(csv, answer, "is no number");
        }
        intake.add(record, Float.parseFloat(answer));
      } else {
        @Nullable Integer label = classes.get(answer);
        if (format.isMissing(answer) || label == null) {
          throw answer(csv, answer, "is no class of the training data");
        }
        intake.add(record, label.intValue());
      }
    }

    private DataException answer(CsvReader csv, String answer, String fault) {
      return csv.fault(
          "'%s' in the target '%s' %s".formatted(answer, format.target(), fault),
          "correct it, or write skip_bad: true");
    }

    private byte[] record(List<String> fields, CsvReader csv) {
      ByteBuffer values =
          ByteBuffer.allocate(schema.columns().size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      schema.columns().forEach((place, numeric) -> values.putFloat(value(fields, place, csv)));
      return values.array();
    }

    private float value(List<String> fields, int place, CsvReader csv) {
      String field = fields.get(place).strip();
      if (format.isMissing(field)) {
        return Float.NaN;
      }
      if (!schema.columns().getOrDefault(place, true)) {
        Map<String, Integer> known = words.computeIfAbsent(place, p -> new HashMap<>());
        int index = index(known, field);
        if (index >= MOST_WORDS) {
          throw csv.fault(
              "column '%s' has too many different words".formatted(schema.header().get(place)),
              "write columns: {NAME: ignore}");
        }
        return index;
      }
      if (!CsvSchema.isNumber(field)) {
        throw csv.fault(
            "'%s' in the numeric column '%s' is no number"
                .formatted(field, schema.header().get(place)),
            "correct it, name it in 'missing', or write skip_bad: true");
      }
      return Float.parseFloat(field);
    }
  }
}
