package io.skyline.coordinator.cli;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchProgress;
import java.io.PrintStream;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a search is on standard error: a bar that is redrawn on a terminal, elsewhere a
 * line whenever something ended, at most one every few seconds.
 */
final class ProgressDisplay implements Consumer<SearchProgress>, AutoCloseable {
  private static final long LINE_NANOS = 5_000_000_000L;

  private final PrintStream out;
  private final @Nullable ProgressBar bar;
  private String lastLine = "";
  private long lastAt;

  ProgressDisplay(String search, int budget, PrintStream out, boolean terminal) {
    this.out = out;
    this.bar = terminal ? bar(search, budget, out) : null;
  }

  /** A display of a search on standard error. */
  static ProgressDisplay of(SearchHandle search) {
    boolean terminal = System.console() != null;
    return new ProgressDisplay(search.name(), search.progress().budget(), System.err, terminal);
  }

  private static ProgressBar bar(String search, int budget, PrintStream out) {
    return new ProgressBarBuilder()
        .setTaskName(search)
        .setInitialMax(budget == Integer.MAX_VALUE ? -1 : budget)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(500)
        .hideEta()
        .setConsumer(new ConsoleProgressBarConsumer(out))
        .build();
  }

  @Override
  public synchronized void accept(SearchProgress progress) {
    String line = ProgressText.of(progress);
    if (bar != null) {
      bar.stepTo(progress.counts().finished());
      bar.setExtraMessage(line);
      return;
    }
    long now = System.nanoTime();
    boolean ended = progress.counts().running() == 0;
    if (!line.equals(lastLine) && (lastLine.isEmpty() || ended || now - lastAt > LINE_NANOS)) {
      out.println(line);
      lastLine = line;
      lastAt = now;
    }
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
