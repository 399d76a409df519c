package io.skyline.scorecard;

import java.util.Arrays;
import java.util.List;

/** Rows of a table for a terminal. */
public final class TextTable {
  private TextTable() {}

  /** Cells flush right in columns two spaces apart, one line a row. */
  public static String aligned(List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      Arrays.setAll(widths, i -> Math.max(widths[i], row.get(i).length()));
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(i == 0 ? "" : "  ").append(" ".repeat(widths[i] - row.get(i).length()));
        line.append(row.get(i));
      }
      text.append(line).append('\n');
    }
    return text.toString();
  }
}
