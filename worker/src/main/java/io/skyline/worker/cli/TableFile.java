package io.skyline.worker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Rows of a table as a model's input: a CSV file whose first line names the features as the model's
 * {@code card.json} does, in any order.
 *
 * <p>The features of a categorical column may also be given by the column itself, as in the
 * training data: {@code column=category} is 1 where it holds that category, {@code column missing
 * or other} where it holds none that is known. What a feature has for missing values stands for an
 * empty field and the usual words for nothing ({@code missing} of a config may have named others).
 * Columns of other names are left out. Fields hold no line breaks.
 */
final class TableFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LARGEST = 256L << 20;
  private static final long MOST_VALUES = 1 << 27;
  private static final String REST = " missing or other";
  private static final Set<String> NOTHING = Set.of("", "NA", "N/A", "NaN", "nan", "null", "?");

  private TableFile() {}

  /** One feature of a model, from its card. */
  private record Feature(String name, float missing) {}

  /** What of a row makes a feature. */
  private enum Part {
    NUMBER,
    CATEGORY,
    REST
  }

  /**
   * Where a feature comes from.
   *
   * @param column of the table
   * @param category that the column holds where the feature is 1
   */
  private record Source(Feature feature, Part part, int column, String category) {}

  /** Whether a file is taken for a table: by its name. */
  static boolean is(Path file) {
    return file.toString().endsWith(".csv");
  }

  /**
   * Reads every row; what it should give is unknown (0).
   *
   * @param card the model's {@code card.json}
   * @throws UnusableFileException if the card names no features or the table lacks one
   */
  static Examples read(Path file, Path card, Shape input) throws IOException {
    List<Feature> features = features(card, file);
    if (features.size() != input.elements()) {
      throw new UnusableFileException(
          "%s: names %d features, but the model takes %s".formatted(card, features.size(), input));
    }
    if (Files.size(file) > LARGEST) {
      throw new UnusableFileException(file + ": larger than 256 MiB; split it");
    }
    List<String> lines = lines(file);
    List<String> header =
        lines.isEmpty() ? List.of() : fields(lines.get(0).replaceFirst("^\uFEFF", ""), file, 1);
    List<Source> sources = sources(features, columns(header, file), file);
    Map<Integer, Set<String>> known = new HashMap<>();
    for (Source source : sources) {
      if (source.part() == Part.CATEGORY) {
        known.computeIfAbsent(source.column(), c -> new HashSet<>()).add(source.category());
      }
    }
    List<float[]> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        List<String> row = fields(lines.get(i), file, i + 1);
        if (row.size() != header.size()) {
          throw new UnusableFileException(
              "%s:%d: has %d fields, the header %d"
                  .formatted(file, i + 1, row.size(), header.size()));
        }
        rows.add(values(row, sources, known, file, i + 1));
      }
    }
    if (rows.isEmpty()) {
      throw new UnusableFileException(file + ": has no row below its header");
    }
    if ((long) rows.size() * features.size() > MOST_VALUES) {
      throw new UnusableFileException(
          "%s: %d rows of %d features are too many at once; split it"
              .formatted(file, rows.size(), features.size()));
    }
    float[] all = new float[rows.size() * features.size()];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * features.size(), features.size());
    }
    return new Examples(input, all, new int[rows.size()]);
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      throw new UnusableFileException(file + ": the text is not UTF-8; save it as UTF-8");
    }
  }

  private static Map<String, Integer> columns(List<String> header, Path file) {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < header.size(); i++) {
      String name = header.get(i).strip();
      if (columns.put(name, i) != null) {
        throw new UnusableFileException(file + ":1: two columns are named '" + name + "'");
      }
    }
    return columns;
  }

  private static List<Feature> features(Path card, Path file) throws IOException {
    if (!Files.isRegularFile(card)) {
      throw new UnusableFileException(
          file + ": a table needs the model's card.json, and there is no " + card);
    }
    List<Feature> features = new ArrayList<>();
    try {
      for (JsonNode node : JSON.readTree(Files.readAllBytes(card)).path("data").path("features")) {
        float missing = (float) node.path("missing").asDouble();
        features.add(new Feature(node.path("name").asText(), missing));
      }
    } catch (JsonProcessingException e) {
      throw new UnusableFileException(card + ": is no JSON: " + e.getOriginalMessage());
    }
    if (features.isEmpty()) {
      throw new UnusableFileException(
          file + ": the model was not trained on a table: " + card + " names no features");
    }
    return features;
  }

  private static List<Source> sources(
      List<Feature> features, Map<String, Integer> columns, Path file) {
    List<Source> sources = new ArrayList<>();
    Set<String> lacking = new TreeSet<>();
    for (Feature feature : features) {
      Optional<Source> source = source(feature, columns);
      source.ifPresent(sources::add);
      if (source.isEmpty()) {
        lacking.add(column(feature.name()));
      }
    }
    if (!lacking.isEmpty()) {
      throw new UnusableFileException(
          "%s:1: the header lacks %s; it has %s"
              .formatted(
                  file,
                  String.join(", ", lacking),
                  String.join(", ", new TreeSet<>(columns.keySet()))));
    }
    return sources;
  }

  /** The column of a feature's own name, or the categorical column that it was made from. */
  private static Optional<Source> source(Feature feature, Map<String, Integer> columns) {
    String name = feature.name();
    Integer own = columns.get(name);
    if (own != null) {
      return Optional.of(new Source(feature, Part.NUMBER, own, ""));
    }
    for (Map.Entry<String, Integer> column : columns.entrySet()) {
      if (name.equals(column.getKey() + REST)) {
        return Optional.of(new Source(feature, Part.REST, column.getValue(), ""));
      }
    }
    // the longest, since names of columns may have the sign, too
    return columns.entrySet().stream()
        .filter(column -> name.startsWith(column.getKey() + "="))
        .max(Comparator.comparing(column -> column.getKey().length()))
        .map(
            column ->
                new Source(
                    feature,
                    Part.CATEGORY,
                    column.getValue(),
                    name.substring(column.getKey().length() + 1)));
  }

  /** What a feature's column is probably called. */
  private static String column(String feature) {
    if (feature.endsWith(REST)) {
      return feature.substring(0, feature.length() - REST.length());
    }
    int equals = feature.indexOf('=');
    return equals < 0 ? feature : feature.substring(0, equals);
  }

  private static float[] values(
      List<String> row,
      List<Source> sources,
      Map<Integer, Set<String>> known,
      Path file,
      int line) {
    float[] values = new float[sources.size()];
    for (int i = 0; i < values.length; i++) {
      Source source = sources.get(i);
      String field = row.get(source.column()).strip();
      values[i] =
          switch (source.part()) {
            case NUMBER ->
                NOTHING.contains(field)
                    ? source.feature().missing()
                    : number(field, source.feature().name(), file, line);
            case CATEGORY -> field.equals(source.category()) ? 1 : 0;
            case REST -> known.getOrDefault(source.column(), Set.of()).contains(field) ? 0 : 1;
          };
    }
    return values;
  }

  private static float number(String field, String name, Path file, int line) {
    try {
      float value = Float.parseFloat(field);
      if (Float.isFinite(value)) {
        return value;
      }
    } catch (NumberFormatException e) {
      // told below, as is what is no finite number
    }
    throw new UnusableFileException(
        "%s:%d: '%s' is '%s', not a number".formatted(file, line, name, field));
  }

  /** The fields of a line, in quotes or not. */
  private static List<String> fields(String line, Path file, int number) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"' && (quoted || field.length() == 0)) {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    if (quoted) {
      throw new UnusableFileException(file + ":" + number + ": a quote is not closed");
    }
    fields.add(field.toString());
    return fields;
  }
}
