package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.SearchState;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A search that runs, or ran, in this process; usable from any thread. */
public interface SearchHandle {
  /** The run's name. */
  String name();

  /** The run's folder, with its {@code journal/}. */
  Path folder();

  /** How far it is. */
  SearchProgress progress();

  /** All that is known of it. */
  SearchState state();

  /**
   * Calls back with the present progress and then with each change, briefly and without blocking;
   * on the search's own thread.
   */
  void onProgress(Consumer<SearchProgress> listener);

  /**
   * Its last state once it has ended or was cancelled and its journal is closed; fails with {@link
   * SearchSuspendedException} if the coordinator closes before, and the run can be resumed.
   */
  CompletableFuture<SearchState> completion();

  /** Ends it before its budget; it can be resumed. Answered by {@link #completion}. */
  void cancel();
}
