package io.skyline.coordinator.benchmark;

import io.skyline.coordinator.data.CsvReader;
import io.skyline.space.Decision;
import io.skyline.space.Genome;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Spelling;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a table of trained networks: CSV (plain or gzipped) with a header, one column for the
 * genome as characters or as words, any others for numbers. Columns {@code NAME_1} to {@code
 * NAME_E} are together the learning curve {@code NAME}.
 */
public final class TableReader {
  private static final List<String> GENOMES =
      List.of("genome", "ops", "arch", "architecture", "layers");
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?");
  private static final int MOST_PROBLEMS = 10;

  /** Words without an order at one place; controllers keep a number for each pair of them. */
  private static final int MOST_WORDS = 1_000;

  private final Path file;
  private final CsvReader csv;
  private final Problems problems = new Problems();
  private final List<String> header;
  private int count;

  private TableReader(Path file, CsvReader csv) {
    this.file = file;
    this.csv = csv;
    List<String> first = csv.next();
    if (first == null) {
      throw new InvalidDocumentException(
          new Place(file.toString(), 1, 1), "the table is empty", "Give it a header and rows.");
    }
    this.header = first.stream().map(String::strip).toList();
    Set<String> seen = new LinkedHashSet<>();
    for (int i = 0; i < header.size(); i++) {
      if (!seen.add(header.get(i))) {
        throw fault(i, "two columns are called '" + header.get(i) + "'", "Rename one of them.");
      }
    }
  }

  /**
   * Reads a table.
   *
   * @param genome the genome's column; empty for the one with a usual name
   * @param wanted columns and learning curves to read
   * @throws io.skyline.scorecard.BadInputException with each fault's place in the file
   */
  public static NetworkTable read(Path file, Optional<String> genome, Set<String> wanted) {
    try (CsvReader csv = new CsvReader(file, ',')) {
      return new TableReader(file, csv).read(genome, wanted);
    }
  }

  static boolean isNumber(String text) {
    return NUMBER.matcher(text).matches() && Double.isFinite(Double.parseDouble(text));
  }

  private NetworkTable read(Optional<String> genome, Set<String> wanted) {
    int genomeColumn = genomeColumn(genome);
    Map<String, Integer> sources = new LinkedHashMap<>();
    Map<String, Integer> epochs = new HashMap<>();
    for (String name : wanted) {
      int column = header.indexOf(name);
      int length = column >= 0 ? 0 : curveLength(name);
      if (column < 0 && length == 0) {
        throw fault(0, "there is no column '" + name + "'", Spelling.suggest(name, names()));
      }
      if (column == genomeColumn) {
        throw fault(column, "'" + name + "' holds the genome", "Name a column of numbers.");
      }
      if (length > 0) {
        checkWhole(name, length);
        epochs.put(name, length);
      }
      for (int epoch = 1; epoch <= length; epoch++) {
        String point = NetworkTable.atEpoch(name, epoch);
        sources.put(point, header.indexOf(point));
      }
      sources.put(name, column >= 0 ? column : header.indexOf(NetworkTable.atEpoch(name, length)));
    }
    return rows(genomeColumn, sources, epochs);
  }

  private int genomeColumn(Optional<String> wanted) {
    List<String> names = wanted.map(List::of).orElse(GENOMES);
    List<String> found = names.stream().filter(header::contains).toList();
    if (found.size() == 1) {
      return header.indexOf(found.get(0));
    }
    if (wanted.isPresent()) {
      String name = wanted.get();
      throw fault(0, "there is no column '" + name + "'", Spelling.suggest(name, header));
    }
    throw fault(
        0,
        found.isEmpty()
            ? "no column is called " + String.join(", ", GENOMES)
            : "the columns " + String.join(" and ", found) + " may both hold the genome",
        "Name the genome's column with --genome.");
  }

  private int curveLength(String name) {
    int length = 0;
    while (header.contains(name + "_" + (length + 1))) {
      length++;
    }
    return length;
  }

  /** A curve that goes on after a gap would count by the epoch before it. */
  private void checkWhole(String name, int length) {
    Pattern epoch = Pattern.compile(Pattern.quote(name) + "_\\d+");
    for (int i = 0; i < header.size(); i++) {
      String column = header.get(i);
      if (epoch.matcher(column).matches()
          && new BigInteger(column.substring(name.length() + 1))
                  .compareTo(BigInteger.valueOf(length))
              > 0) {
        throw fault(
            i,
            "the learning curve '%s' has no epoch %d, but %s".formatted(name, length + 1, column),
            "Give it every epoch from 1, or rename the columns that are none.");
      }
    }
  }

  private Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (String column : header) {
      String stem = column.replaceFirst("_\\d+$", "");
      names.add(curveLength(stem) > 0 ? stem : column);
    }
    return names;
  }

  private NetworkTable rows(
      int genomeColumn, Map<String, Integer> sources, Map<String, Integer> epochs) {
    Map<String, Long> lines = new LinkedHashMap<>();
    List<double[]> numbers = new ArrayList<>();
    for (List<String> row = csv.next(); row != null; row = csv.next()) {
      String genome = genome(row, genomeColumn, lines);
      double[] values = genome == null ? null : numbers(row, sources);
      if (genome != null && values != null) {
        lines.put(genome, csv.line());
        numbers.add(values);
      }
      if (count >= MOST_PROBLEMS) {
        problems.throwIfAny();
      }
    }
    problems.throwIfAny();
    if (numbers.isEmpty()) {
      throw fault(0, "the table has no rows", "Add a row for each trained network.");
    }
    Map<String, double[]> columns = new HashMap<>();
    int index = 0;
    for (String name : sources.keySet()) {
      int i = index++;
      columns.put(name, numbers.stream().mapToDouble(row -> row[i]).toArray());
    }
    return table(List.copyOf(lines.keySet()), columns, epochs);
  }

  /** A row's genome, with single blanks; null if it cannot be used. */
  private @Nullable String genome(List<String> row, int column, Map<String, Long> lines) {
    if (row.size() != header.size()) {
      int place = Math.min(row.size(), header.size());
      String what = "%d fields in a table of %d columns".formatted(row.size(), header.size());
      problem(place, what, "Give every column a value.");
      return null;
    }
    String genome = row.get(column).strip().replaceAll("\\s+", " ");
    if (genome.isEmpty()) {
      problem(column, "the genome is empty", "Write it as characters or as words.");
      return null;
    }
    Long earlier = lines.get(genome);
    if (earlier != null) {
      problem(column, "'%s' stands in line %d too".formatted(genome, earlier), "Keep one of them.");
      return null;
    }
    return genome;
  }

  private double @Nullable [] numbers(List<String> row, Map<String, Integer> sources) {
    double[] values = new double[sources.size()];
    int next = 0;
    for (Map.Entry<String, Integer> source : sources.entrySet()) {
      String text = row.get(source.getValue()).strip();
      if (!isNumber(text)) {
        problem(
            source.getValue(),
            "'%s' in column %s is no number".formatted(text, header.get(source.getValue())),
            "Correct it, or remove the row.");
        return null;
      }
      values[next++] = Double.parseDouble(text);
    }
    return values;
  }

  private NetworkTable table(
      List<String> texts, Map<String, double[]> columns, Map<String, Integer> epochs) {
    boolean words = texts.stream().anyMatch(text -> text.indexOf(' ') >= 0);
    List<List<String>> sequences =
        texts.stream().map(text -> Arrays.asList(text.split(words ? " " : ""))).toList();
    if (sequences.stream().anyMatch(sequence -> sequence.contains(WordSpace.END))
        && sequences.stream().mapToInt(List::size).distinct().count() > 1) {
      throw new InvalidDocumentException(
          new Place(file.toString(), 1, 1),
          "genomes differ in length, and '-' stands in some of them",
          "Write another word for it: '-' marks the end of the shorter ones.");
    }
    WordSpace space = WordSpace.of(String.valueOf(file.getFileName()), sequences, words);
    for (Decision decision : space.space().decisions()) {
      int count = decision.values().size();
      if (decision.kind() == Decision.Kind.CATEGORICAL && count > MOST_WORDS) {
        throw new InvalidDocumentException(
            new Place(file.toString(), 1, 1),
            "%s of the genomes takes %,d values without an order, more than %,d"
                .formatted(decision.name(), count, MOST_WORDS),
            "Write genomes as sequences of words from a small alphabet.");
      }
    }
    List<Genome> genomes = sequences.stream().map(space::genome).toList();
    return new NetworkTable(space.space(), genomes, columns, epochs);
  }

  private void problem(int field, String what, String suggestion) {
    count++;
    problems.add(place(field), what, suggestion);
  }

  private InvalidDocumentException fault(int field, String what, String suggestion) {
    return new InvalidDocumentException(place(field), what, suggestion);
  }

  private Place place(int field) {
    return new Place(file.toString(), Math.toIntExact(csv.line()), csv.column(field));
  }
}
