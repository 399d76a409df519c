package io.skyline.coordinator.cli;

import io.skyline.coordinator.actor.SearchProgress;
import io.skyline.coordinator.search.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A search's progress in words. */
final class ProgressText {
  private ProgressText() {}

  /**
   * {@code 12 of 32 finished, 1 failed, 2 running, best 88.40 %, ..., about 3 min of trials left}.
   */
  static String of(SearchProgress progress) {
    List<String> parts = new ArrayList<>();
    parts.add(progress.phase().name().toLowerCase(Locale.ROOT));
    String finished = Integer.toString(progress.counts().finished());
    parts.add(
        progress.budget() == Integer.MAX_VALUE
            ? finished + " finished"
            : finished + " of " + progress.budget() + " finished");
    if (progress.counts().recalled() > 0) {
      parts.add(progress.counts().recalled() + " of them from earlier runs");
    }
    parts.add(progress.counts().running() + " running");
    if (progress.counts().paused() > 0) {
      parts.add(progress.counts().paused() + " paused");
    }
    if (progress.counts().screened() > 0) {
      parts.add(progress.counts().screened() + " screened out");
    }
    parts.add(progress.counts().failed() + " failed");
    if (progress.counts().rejected() > 0) {
      parts.add(progress.counts().rejected() + " rejected");
    }
    progress
        .bestAccuracy()
        .ifPresent(best -> parts.add(String.format(Locale.ROOT, "best %.2f %%", 100 * best)));
    parts.add(String.format(Locale.ROOT, "hypervolume %.3f", progress.hypervolume()));
    progress.left().ifPresent(left -> parts.add(left(left, progress.phase())));
    if (!progress.message().isEmpty()) {
      parts.add(progress.message());
    }
    return String.join(", ", parts);
  }

  /** Trials are not the end of a search, so its time to go is said to be theirs. */
  private static String left(Duration left, Phase phase) {
    return "about " + words(left) + (phase == Phase.SEARCHING ? " of trials left" : " left");
  }

  /** A duration as people say it: {@code 40 s}, {@code 3 min}, {@code 2 h 5 min}. */
  static String words(Duration duration) {
    long seconds = Math.max(1, duration.toSeconds());
    if (seconds < 100) {
      return seconds + " s";
    }
    long minutes = Math.round(seconds / 60.0);
    return minutes < 100 ? minutes + " min" : minutes / 60 + " h " + minutes % 60 + " min";
  }
}
