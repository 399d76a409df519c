package io.skyline.coordinator.benchmark;

import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Trained networks with their numbers: a space in which every listed genome is evaluated. */
public final class NetworkTable {
  private final SearchSpace space;
  private final List<Genome> genomes;
  private final Map<String, double[]> columns;
  private final Map<String, Integer> epochs;
  private final Map<String, Integer> rowOf = new HashMap<>();

  /**
   * @param genomes of the rows, each once
   * @param columns by name, a number for each row; of a learning curve its last epoch's, and each
   *     {@link #atEpoch}
   * @param epochs of the columns that are learning curves
   * @throws IllegalArgumentException if a genome stands twice
   */
  NetworkTable(
      SearchSpace space,
      List<Genome> genomes,
      Map<String, double[]> columns,
      Map<String, Integer> epochs) {
    this.space = space;
    this.genomes = List.copyOf(genomes);
    this.columns = Map.copyOf(columns);
    this.epochs = Map.copyOf(epochs);
    for (int row = 0; row < this.genomes.size(); row++) {
      String text = this.genomes.get(row).text();
      if (rowOf.put(text, row) != null) {
        throw new IllegalArgumentException("'" + text + "' stands twice");
      }
    }
  }

  /** The genomes; those that no row lists cannot be evaluated. */
  public SearchSpace space() {
    return space;
  }

  /** How many networks there are. */
  public int size() {
    return genomes.size();
  }

  /** The row that lists a genome, from 0. */
  public OptionalInt row(String genome) {
    Integer row = rowOf.get(genome);
    return row == null ? OptionalInt.empty() : OptionalInt.of(row);
  }

  /** The column of a learning curve after so many epochs. */
  static String atEpoch(String curve, int epoch) {
    return curve + "_" + epoch;
  }

  /** A number for each row. */
  public double[] column(String name) {
    double[] column = columns.get(name);
    if (column == null) {
      throw new IllegalArgumentException("the table was read without column " + name);
    }
    return column.clone();
  }

  /** How many epochs the learning curve of that name has; empty if it is a plain column. */
  public OptionalInt epochs(String name) {
    Integer count = epochs.get(name);
    return count == null ? OptionalInt.empty() : OptionalInt.of(count);
  }
}
