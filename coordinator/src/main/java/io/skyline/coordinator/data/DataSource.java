package io.skyline.coordinator.data;

/** Where a data set comes from, as a config says it, and the reader of that format. */
public sealed interface DataSource permits EmbeddedSource, IdxSource {
  /** As shown to users. */
  String name();

  /**
   * Reads and splits the data.
   *
   * @throws DataException if a file cannot be used
   */
  DataSplits read();
}
