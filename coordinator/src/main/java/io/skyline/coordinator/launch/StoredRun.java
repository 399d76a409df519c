package io.skyline.coordinator.launch;

import io.skyline.coordinator.config.ConfigReader;
import io.skyline.coordinator.config.SearchConfig;
import io.skyline.coordinator.journal.JournalException;
import io.skyline.coordinator.journal.JournalReader;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import java.util.List;

/**
 * A run that no coordinator holds, read from its journal.
 *
 * @param config that the search began with
 * @param started its first event
 * @param state the fold of its journal
 */
public record StoredRun(SearchConfig config, SearchEvent.Started started, SearchState state) {
  /**
   * Reads a run.
   *
   * @throws JournalException if the folder holds no search or a coordinator holds it
   */
  public static StoredRun read(RunFolder run) throws JournalException {
    List<SearchEvent> events = JournalReader.read(run.path());
    if (!events.isEmpty() && events.get(0) instanceof SearchEvent.Started started) {
      SearchConfig config = ConfigReader.reread(started.configYaml());
      return new StoredRun(config, started, SearchState.of(config.search(), events));
    }
    throw new JournalException(
        run.path() + " was interrupted before its search began; start the search again");
  }
}
