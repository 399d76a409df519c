package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.SearchState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a search's actor pins what others may see; read from any thread. */
final class ProgressBoard {
  /** What is pinned: a state and its summary, always of the same moment. */
  record Sheet(SearchState state, SearchProgress progress) {}

  private static final Logger LOG = LoggerFactory.getLogger(ProgressBoard.class);

  private final List<Consumer<SearchProgress>> listeners = new CopyOnWriteArrayList<>();
  private final CompletableFuture<SearchState> over = new CompletableFuture<>();
  private volatile Sheet sheet;

  ProgressBoard(Sheet first) {
    sheet = first;
  }

  /** Shows a new state; listeners hear of it if it reads differently. */
  void pin(Sheet next) {
    boolean same = next.progress().equals(sheet.progress());
    sheet = next;
    if (same) {
      return;
    }
    for (Consumer<SearchProgress> listener : listeners) {
      try {
        listener.accept(next.progress());
      } catch (RuntimeException e) {
        LOG.warn("a progress listener failed", e);
      }
    }
  }

  /** The search ended, or was cancelled; nothing more will be pinned. */
  void conclude(SearchState state) {
    over.complete(state);
  }

  /** The search cannot go on, through a defect. */
  void fail(RuntimeException why) {
    over.completeExceptionally(why);
  }

  void listen(Consumer<SearchProgress> listener) {
    listeners.add(listener);
    listener.accept(sheet.progress());
  }

  Sheet sheet() {
    return sheet;
  }

  CompletableFuture<SearchState> over() {
    return over;
  }
}
