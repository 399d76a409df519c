package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/** Summarises a search's state and guesses when its trials will be done; by the monotonic clock. */
final class ProgressEstimate {
  private final String search;
  private final WorkerNeedsText needs;
  private final LongSupplier nanos;
  private final long begunNanos;
  private final int finishedBefore;

  /** What workers must bring, in words. */
  @FunctionalInterface
  interface WorkerNeedsText {
    String of(SearchState state);
  }

  ProgressEstimate(String search, WorkerNeedsText needs, LongSupplier nanos, SearchState atBegin) {
    this.search = search;
    this.needs = needs;
    this.nanos = nanos;
    this.begunNanos = nanos.getAsLong();
    this.finishedBefore = atBegin.counts().finished();
  }

  SearchProgress of(SearchState state, SearchCommand.Situation situation) {
    return new SearchProgress(
        search,
        state.phase(),
        state.budget(),
        state.counts(),
        state.hypervolume(),
        bestAccuracy(state),
        left(state),
        message(state, situation));
  }

  private static OptionalDouble bestAccuracy(SearchState state) {
    return state.trials().stream()
        .filter(trial -> trial.status() == Trial.Status.SCORED)
        .filter(trial -> state.settings().goals().feasible(trial.scorecard()))
        .flatMapToDouble(trial -> trial.scorecard().value(Metric.ACCURACY).stream())
        .max();
  }

  private Optional<Duration> left(SearchState state) {
    int done = state.counts().finished() - finishedBefore;
    if (state.phase() != Phase.SEARCHING || done < 2 || state.budget() == Integer.MAX_VALUE) {
      return Optional.empty();
    }
    double each = (double) (nanos.getAsLong() - begunNanos) / done;
    return Optional.of(
        Duration.ofNanos((long) (each * (state.budget() - state.counts().finished()))));
  }

  private String message(SearchState state, SearchCommand.Situation situation) {
    if (state.ended().isPresent()) {
      return state.ended().get();
    }
    if (!state.leases().isEmpty() || state.openTasks().isEmpty()) {
      return finalPass(state);
    }
    if (situation.connected() == 0) {
      return "waiting for workers: none is connected";
    }
    if (situation.eligible() == 0) {
      return "waiting for workers: %d connected, but none with %s"
          .formatted(situation.connected(), needs.of(state));
    }
    return "";
  }

  /** The passes over the frontier count models, where the line otherwise counts trials. */
  private static String finalPass(SearchState state) {
    return switch (state.phase()) {
      case REFITTING, MEASURING, TESTING ->
          "%d of the frontier's models to go"
              .formatted(state.openTasks().size() + state.counts().running());
      case SEARCHING, FINISHED, CANCELLED, ENDED -> "";
    };
  }
}
