package io.skyline.coordinator.launch;

import io.skyline.coordinator.config.ConfigReader;
import io.skyline.coordinator.config.SearchConfig;
import io.skyline.coordinator.journal.JournalException;
import io.skyline.coordinator.journal.JournalReader;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.scorecard.BadInputException;
import io.skyline.scorecard.Build;
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
   * @throws JournalException if the folder holds no search, a coordinator holds it, or this build
   *     cannot read its config or its events
   */
  public static StoredRun read(RunFolder run) throws JournalException {
    List<SearchEvent> events = JournalReader.read(run.path());
    if (!events.isEmpty() && events.get(0) instanceof SearchEvent.Started started) {
      try {
        SearchConfig config = ConfigReader.reread(started.configYaml());
        return new StoredRun(config, started, SearchState.of(config.search(), events));
      } catch (BadInputException | IllegalArgumentException e) {
        throw new JournalException(
            "%s was made by build %s, and this is %s, which cannot read it: %s"
                .formatted(run.path(), started.build(), Build.id(), e.getMessage()),
            e);
      }
    }
    throw new JournalException(
        run.path() + " was interrupted before its search began; start the search again");
  }
}
