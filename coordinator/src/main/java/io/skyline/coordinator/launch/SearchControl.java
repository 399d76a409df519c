package io.skyline.coordinator.launch;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.config.ConfigReader;
import io.skyline.coordinator.config.SearchConfig;
import io.skyline.coordinator.journal.JournalException;
import io.skyline.coordinator.results.FrontierFormat;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.coordinator.rpc.ControlActions;
import io.skyline.coordinator.rpc.RejectedRequestException;
import io.skyline.coordinator.search.SearchState;
import io.skyline.scorecard.BadInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.BiConsumer;

/** What users may ask of a coordinator that takes searches from others. */
public final class SearchControl implements ControlActions {
  private final Path runs;
  private final SearchLauncher launcher;
  private final BiConsumer<RunFolder, SearchHandle> begun;

  /**
   * @param runs folder of all runs
   * @param launcher begins the searches
   * @param begun hears of each
   */
  public SearchControl(
      Path runs, SearchLauncher launcher, BiConsumer<RunFolder, SearchHandle> begun) {
    this.runs = runs;
    this.launcher = launcher;
    this.begun = begun;
  }

  @Override
  public SearchHandle submit(String configYaml, String fileName) throws RejectedRequestException {
    try {
      SearchConfig config = ConfigReader.parse(configYaml, fileName);
      RunFolder run = RunFolder.create(runs, config.name(), config.yaml());
      SearchHandle search = begin(config, run);
      begun.accept(run, search);
      return search;
    } catch (BadInputException | IOException | JournalException e) {
      throw new RejectedRequestException(String.valueOf(e.getMessage()));
    }
  }

  private SearchHandle begin(SearchConfig config, RunFolder run)
      throws IOException, JournalException {
    try {
      return launcher.begin(config, run);
    } catch (IOException | JournalException | RuntimeException e) {
      run.discardAfter(e);
      throw e;
    }
  }

  @Override
  public String frontier(SearchState state, String format) throws RejectedRequestException {
    return text(state, format);
  }

  /** A frontier in a format that a user named. */
  static String text(SearchState state, String format) throws RejectedRequestException {
    for (FrontierFormat known : FrontierFormat.values()) {
      if (known.name().equals(format.toUpperCase(Locale.ROOT))) {
        return known.text(state);
      }
    }
    throw new RejectedRequestException("'" + format + "' is no format; ask for table, csv or json");
  }
}
