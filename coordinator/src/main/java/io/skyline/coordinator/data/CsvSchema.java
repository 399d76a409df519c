package io.skyline.coordinator.data;

import io.skyline.yaml.Spelling;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What the training file of a table says about its columns.
 *
 * @param header the names of all columns
 * @param target which of them is to be predicted
 * @param columns those that are learned from, by their place in a record, and whether they are
 *     numeric
 * @param classes the words of the target, sorted, as numbers if all are; none in regression
 */
record CsvSchema(
    List<String> header, int target, Map<Integer, Boolean> columns, List<String> classes) {
  private static final int MOST_CLASSES = 1000;

  /** Reads the training file once. */
  static CsvSchema of(RawFile file, CsvFormat format, boolean regression) {
    try (CsvReader csv = new CsvReader(file, format.separator())) {
      List<String> header = header(csv);
      int target = place(csv, header, format.target(), "target");
      format.kinds().keySet().forEach(name -> place(csv, header, name, "columns"));
      boolean[] numeric = new boolean[header.size()];
      boolean[] present = new boolean[header.size()];
      java.util.Arrays.fill(numeric, true);
      TreeSet<String> classes = new TreeSet<>(CsvSchema::compare);
      List<String> fields;
      while ((fields = csv.next()) != null) {
        if (fields.size() != header.size()) {
          continue; // told, or skipped, when examples are taken
        }
        for (int c = 0; c < numeric.length; c++) {
          if (!format.isMissing(fields.get(c))) {
            present[c] = true;
            numeric[c] &= isNumber(fields.get(c));
          }
        }
        String answer = fields.get(target).strip();
        if (!regression && !format.isMissing(answer)) {
          classes.add(answer);
          tooMany(csv, classes.size(), format.target());
        }
      }
      if (!regression && classes.size() < 2) {
        throw csv.fault(
            "the target '%s' has %d different values".formatted(format.target(), classes.size()),
            "name a column with at least two classes, or write task: regression");
      }
      Map<Integer, Boolean> columns = columns(header, target, format, numeric, present);
      if (columns.isEmpty()) {
        throw csv.fault("no column is left to learn from", "ignore fewer columns");
      }
      return new CsvSchema(header, target, columns, List.copyOf(classes));
    }
  }

  private static void tooMany(CsvReader csv, int classes, String target) {
    if (classes > MOST_CLASSES) {
      throw csv.fault(
          "the target '%s' has more than %,d classes".formatted(target, MOST_CLASSES),
          "to predict a number, write task: regression");
    }
  }

  private static Map<Integer, Boolean> columns(
      List<String> header, int target, CsvFormat format, boolean[] numeric, boolean[] present) {
    Map<Integer, Boolean> columns = new LinkedHashMap<>();
    for (int c = 0; c < header.size(); c++) {
      CsvFormat.Kind kind = format.kinds().get(header.get(c));
      boolean ignored = kind == CsvFormat.Kind.IGNORE || (kind == null && !present[c]);
      if (c != target && !ignored) {
        columns.put(c, kind == null ? numeric[c] : kind == CsvFormat.Kind.NUMERIC);
      }
    }
    return columns;
  }

  private static List<String> header(CsvReader csv) {
    List<String> header = csv.next();
    if (header == null) {
      throw csv.fault("the file is empty", "its first line names the columns");
    }
    List<String> names = new ArrayList<>();
    header.forEach(name -> names.add(name.strip()));
    if (new HashSet<>(names).size() < names.size()) {
      throw csv.fault("two columns have the same name: " + names, "rename one of them");
    }
    return List.copyOf(names);
  }

  private static int place(CsvReader csv, List<String> header, String name, String key) {
    int place = header.indexOf(name);
    if (place < 0) {
      throw csv.fault(
          "there is no column '%s', which '%s' names".formatted(name, key),
          Spelling.suggest(name, header));
    }
    return place;
  }

  /** Checks that another file has the same columns. */
  void check(CsvReader csv) {
    List<String> other = header(csv);
    if (!other.equals(header)) {
      throw csv.fault(
          "the columns are %s, those of the training file %s".formatted(other, header),
          "give all files the same columns in the same order");
    }
  }

  private static int compare(String a, String b) {
    if (isNumber(a) && isNumber(b)) {
      int order = Double.compare(Double.parseDouble(a), Double.parseDouble(b));
      return order != 0 ? order : a.compareTo(b);
    }
    // numbers before words, so that the order is one
    return isNumber(a) == isNumber(b) ? a.compareTo(b) : isNumber(a) ? -1 : 1;
  }

  /** Whether a field is a finite number in its usual notation. */
  static boolean isNumber(String field) {
    String text = field.strip();
    return text.length() < 64
        && text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?")
        && Float.isFinite(Float.parseFloat(text));
  }
}
