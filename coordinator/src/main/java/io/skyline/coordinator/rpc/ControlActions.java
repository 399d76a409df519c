package io.skyline.coordinator.rpc;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.search.SearchState;

/** What commands of users need beyond the running searches: configs and results on disk. */
public interface ControlActions {
  /**
   * Reads a config, prepares its data and begins its search in a new run's folder.
   *
   * @param configYaml untrusted text
   * @param fileName for messages only
   * @throws RejectedRequestException if the config or its data cannot be used
   */
  SearchHandle submit(String configYaml, String fileName) throws RejectedRequestException;

  /**
   * The frontier of a search as text.
   *
   * @param format {@code table}, {@code csv} or {@code json}
   * @throws RejectedRequestException if there is no such format
   */
  String frontier(SearchState state, String format) throws RejectedRequestException;
}
