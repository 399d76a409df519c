package io.skyline.coordinator.cli;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchProgress;
import java.io.PrintStream;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Shows how far a search is on standard error: a bar that is redrawn on a terminal, elsewhere a
 * line every few seconds if there is something new to say.
 */
final class ProgressDisplay implements Consumer<SearchProgress>, AutoCloseable {
  private static final long LINE_SECONDS = 5;

  private final PrintStream out;
  private final @Nullable ProgressBar bar;
  private final ScheduledExecutorService clock;
  private String line = "";
  private String printed = "";

  ProgressDisplay(String search, int budget, PrintStream out, boolean terminal) {
    this.out = out;
    this.bar = terminal ? bar(search, budget, out) : null;
    this.clock =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "progress");
              thread.setDaemon(true);
              return thread;
            });
    if (bar == null) {
      var unused = clock.scheduleAtFixedRate(this::print, 1, LINE_SECONDS, TimeUnit.SECONDS);
    }
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
    line = ProgressText.of(progress);
    if (bar != null) {
      bar.stepTo(progress.counts().finished() + progress.counts().paused());
      bar.setExtraMessage(line);
    }
  }

  private synchronized void print() {
    if (!line.equals(printed)) {
      out.println(line);
      printed = line;
    }
  }

  @Override
  public synchronized void close() {
    clock.shutdownNow();
    if (bar != null) {
      bar.close();
    } else {
      print();
    }
  }
}
