package io.skyline.coordinator.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The left margin of a drawing of rows: a rail leaves every row that is read further down than by
 * the next one, and bends into each row that reads it.
 *
 * <pre>
 * ,- row 1
 * |  row 2
 * '- row 3, which reads rows 1 and 2
 * </pre>
 */
final class Rails {
  private final List<List<Integer>> sources;
  private final List<Rail> rails = new ArrayList<>();

  /** A rail in a column from the row that is read to the last one that reads it. */
  private record Rail(int from, int to, int column, Set<Integer> bends) {
    boolean touches(int row) {
      return row == from || bends.contains(row);
    }
  }

  /**
   * @param sources for each row the rows that it reads
   */
  Rails(List<List<Integer>> sources) {
    this.sources = List.copyOf(sources);
    for (int row = 0; row < sources.size(); row++) {
      lay(row);
    }
  }

  private void lay(int from) {
    Set<Integer> bends = new HashSet<>();
    int to = from;
    for (int row = from + 2; row < sources.size(); row++) {
      if (sources.get(row).contains(from)) {
        bends.add(row);
        to = row;
      }
    }
    if (to > from) {
      int column = 0;
      while (!free(column, from)) {
        column++;
      }
      rails.add(new Rail(from, to, column, bends));
    }
  }

  private boolean free(int column, int from) {
    return rails.stream().noneMatch(rail -> rail.column == column && rail.to >= from);
  }

  /** One line a row, all of one length. */
  List<String> lines() {
    int columns = rails.stream().mapToInt(rail -> rail.column + 1).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < sources.size(); row++) {
      lines.add(line(row, columns));
    }
    return lines;
  }

  private String line(int row, int columns) {
    char[] line = new char[2 * columns];
    Arrays.fill(line, ' ');
    for (Rail rail : rails) {
      if (rail.touches(row)) {
        Arrays.fill(line, 2 * rail.column + 1, line.length, '-');
      }
    }
    for (Rail rail : rails) {
      if (row >= rail.from && row <= rail.to) {
        line[2 * rail.column] = corner(rail, row);
      }
    }
    return new String(line);
  }

  private static char corner(Rail rail, int row) {
    if (row == rail.from) {
      return ',';
    }
    if (row == rail.to) {
      return '\'';
    }
    return rail.bends.contains(row) ? '+' : '|';
  }
}
