package io.skyline.worker.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows of a table as a model's input: a CSV file whose first line names the features as the model's
 * {@code card.json} does, in any order.
 *
 * <p>The features of a categorical column may also be given by the column itself, as in the
 * training data: {@code column=category} is 1 where it holds that category, {@code column missing
 * or other} where it holds none that is known. What a feature has for missing values stands for an
 * empty field and the usual words for nothing. Columns of other names are left out. Fields hold no
 * line breaks.
 */
final class TableFile {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LARGEST = 256L << 20;
  private static final String REST = " missing or other";
  private static final Set<String> NOTHING = Set.of("", "NA", "N/A", "NaN", "nan", "null", "?");

  private TableFile() {}

  /** One feature of a model, from its card. */
  private record Feature(String name, float missing) {
    /** The column that it was made from: its name, if it is of a number. */
    String column() {
      if (isRest()) {
        return name.substring(0, name.length() - REST.length());
      }
      int equals = name.indexOf('=');
      return equals < 0 ? name : name.substring(0, equals);
    }

    boolean isRest() {
      return name.endsWith(REST);
    }

    boolean isOf(String category) {
      return name.equals(column() + "=" + category);
    }
  }

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
    List<String> lines = Files.readAllLines(file);
    if (lines.size() < 2) {
      throw new UnusableFileException(file + ": has no row below its header");
    }
    Map<String, Integer> columns = new HashMap<>();
    List<String> header = fields(lines.get(0).replaceFirst("^\uFEFF", ""), file, 1);
    for (int i = 0; i < header.size(); i++) {
      columns.put(header.get(i).strip(), i);
    }
    require(features, columns, file);
    List<float[]> rows = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      if (!lines.get(i).isBlank()) {
        List<String> row = fields(lines.get(i), file, i + 1);
        if (row.size() != header.size()) {
          throw new UnusableFileException(
              "%s:%d: has %d fields, the header %d"
                  .formatted(file, i + 1, row.size(), header.size()));
        }
        rows.add(values(row, features, columns, file, i + 1));
      }
    }
    float[] all = new float[rows.size() * features.size()];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, all, i * features.size(), features.size());
    }
    return new Examples(input, all, new int[rows.size()]);
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

  private static void require(List<Feature> features, Map<String, Integer> columns, Path file) {
    Set<String> lacking = new HashSet<>();
    for (Feature feature : features) {
      if (!columns.containsKey(feature.name()) && !columns.containsKey(feature.column())) {
        lacking.add(feature.column());
      }
    }
    if (!lacking.isEmpty()) {
      throw new UnusableFileException(
          "%s:1: the header lacks %s; it has %s"
              .formatted(
                  file,
                  String.join(", ", lacking.stream().sorted().toList()),
                  String.join(", ", columns.keySet().stream().sorted().toList())));
    }
  }

  private static float[] values(
      List<String> row, List<Feature> features, Map<String, Integer> columns, Path file, int line) {
    float[] values = new float[features.size()];
    for (int i = 0; i < values.length; i++) {
      Feature feature = features.get(i);
      boolean named = columns.containsKey(feature.name());
      String column = named ? feature.name() : feature.column();
      String field = row.get(columns.getOrDefault(column, 0)).strip();
      if (!named && feature.isRest()) {
        values[i] = features.stream().anyMatch(f -> isCategory(f, column, field)) ? 0 : 1;
      } else if (!named) {
        values[i] = feature.isOf(field) ? 1 : 0;
      } else {
        values[i] =
            NOTHING.contains(field) ? feature.missing() : number(field, feature.name(), file, line);
      }
    }
    return values;
  }

  private static boolean isCategory(Feature feature, String column, String category) {
    return feature.column().equals(column) && feature.isOf(category);
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
      } else if (c == '"') {
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
