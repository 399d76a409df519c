package io.skyline.yaml;

/**
 * Where a value was written.
 *
 * @param source a file's name, or an option such as {@code --set budget.trials=9}
 * @param line from 1; 0 if the source has no lines
 * @param column from 1; 0 if the source has no lines
 */
public record Place(String source, int line, int column) {
  /** {@code file:line:column}, or the option alone. */
  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line + ":" + column;
  }
}
