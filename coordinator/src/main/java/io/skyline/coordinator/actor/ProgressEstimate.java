package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.SharingSettings;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Summarises a search's state and guesses how long its phase still takes, from what was done in it
 * since this process began; by the monotonic clock.
 */
final class ProgressEstimate {
  private final String search;
  private final WorkerNeedsText needs;
  private final LongSupplier nanos;
  private final Duration spentBefore;
  private final long begunNanos;
  private final double finishedBefore;
  private Phase phase = Phase.SEARCHING;
  private long phaseBegunNanos;
  private int phaseTasks;

  /** What workers must bring, in words. */
  @FunctionalInterface
  interface WorkerNeedsText {
    String of(SearchState state);
  }

  /**
   * An estimate that begins now.
   *
   * @param spentBefore how much of a budget of time was spent before
   */
  ProgressEstimate(
      String search,
      WorkerNeedsText needs,
      LongSupplier nanos,
      SearchState atBegin,
      Duration spentBefore) {
    this.search = search;
    this.needs = needs;
    this.nanos = nanos;
    this.spentBefore = spentBefore;
    this.begunNanos = nanos.getAsLong();
    this.finishedBefore = TrainingWork.done(atBegin);
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
    return switch (state.phase()) {
      case SHARING, DERIVING -> ofSharing(state);
      case SEARCHING ->
          Stream.concat(ofTrials(state).stream(), ofTime(state).stream())
              .min(Comparator.naturalOrder());
      case REFITTING, MEASURING, TESTING -> ofFinalPass(state);
      case FINISHED, CANCELLED, ENDED -> Optional.empty();
    };
  }

  private Optional<Duration> ofTrials(SearchState state) {
    double done = TrainingWork.done(state) - finishedBefore;
    if (done < 2 * TrainingWork.whole(state) || state.budget() == Integer.MAX_VALUE) {
      return Optional.empty();
    }
    return Optional.of(projected(nanos.getAsLong() - begunNanos, done, TrainingWork.left(state)));
  }

  private static String ofSteps(SearchState state, Optional<Integer> steps) {
    return "%,d of %,d steps with shared weights"
        .formatted(state.sharing().merged(), steps.orElse(0));
  }

  private Optional<Duration> ofSharing(SearchState state) {
    SharingSettings settings = state.settings().sharing().orElseThrow();
    boolean steps = state.phase() == Phase.SHARING;
    int done = steps ? (int) state.sharing().merged() : state.sharing().settled();
    int all = steps ? settings.steps() : settings.candidates();
    if (phase != state.phase()) {
      phase = state.phase();
      phaseBegunNanos = nanos.getAsLong();
      phaseTasks = done;
    }
    return done - phaseTasks < 2
        ? Optional.empty()
        : Optional.of(
            projected(nanos.getAsLong() - phaseBegunNanos, done - phaseTasks, all - done));
  }

  private Optional<Duration> ofTime(SearchState state) {
    Duration spent = spentBefore.plusNanos(nanos.getAsLong() - begunNanos);
    return state
        .settings()
        .budget()
        .time()
        .map(time -> time.minus(spent))
        .map(left -> left.isNegative() ? Duration.ZERO : left);
  }

  private Optional<Duration> ofFinalPass(SearchState state) {
    int open = tasksToGo(state);
    if (phase != state.phase()) {
      phase = state.phase();
      phaseBegunNanos = nanos.getAsLong();
      phaseTasks = open;
    }
    int done = phaseTasks - open;
    return done < 1
        ? Optional.empty()
        : Optional.of(projected(nanos.getAsLong() - phaseBegunNanos, done, open));
  }

  private static Duration projected(long elapsedNanos, double done, double open) {
    return Duration.ofNanos((long) (elapsedNanos / done * open));
  }

  private static int tasksToGo(SearchState state) {
    return state.openTasks().size() + state.counts().running();
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
    return finalPass(state);
  }

  /** The passes over the frontier count models, where the line otherwise counts trials. */
  private static String finalPass(SearchState state) {
    return switch (state.phase()) {
      case REFITTING, MEASURING, TESTING ->
          "%d of the frontier's models to go".formatted(tasksToGo(state));
      case SHARING -> ofSteps(state, state.settings().sharing().map(SharingSettings::steps));
      case DERIVING ->
          "%d candidates scored with shared weights".formatted(state.sharing().settled());
      case SEARCHING, FINISHED, CANCELLED, ENDED -> "";
    };
  }
}
