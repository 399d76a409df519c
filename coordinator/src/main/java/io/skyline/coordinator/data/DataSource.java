package io.skyline.coordinator.data;

/** Where a data set comes from, as a config says it, and the reader of that format. */
public sealed interface DataSource
    permits EmbeddedSource, IdxSource, CifarSource, FolderSource, NumpySource, CsvSource {
  /** As shown to users. */
  String name();

  /** Whether a number is to be predicted, not a class. */
  default boolean isRegression() {
    return false;
  }

  /**
   * Reads and splits the data, which the caller closes.
   *
   * @throws DataException if a file cannot be used
   */
  DataSplits read();
}
