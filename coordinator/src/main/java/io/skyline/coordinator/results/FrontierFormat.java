package io.skyline.coordinator.results;

import io.skyline.coordinator.search.SearchState;

/** How {@code skyline frontier} prints a frontier. */
public enum FrontierFormat {
  /** Aligned columns for a terminal. */
  TABLE,
  /** As in {@code frontier.csv}. */
  CSV,
  /** As in {@code frontier.json}. */
  JSON;

  /** The frontier as text that ends with a line feed. */
  public String text(SearchState state) {
    return switch (this) {
      case TABLE -> FrontierTable.of(state);
      case CSV -> Csv.frontier(state);
      case JSON -> FrontierJson.of(state);
    };
  }
}
