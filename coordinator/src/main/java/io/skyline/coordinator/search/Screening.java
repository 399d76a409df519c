package io.skyline.coordinator.search;

import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RankCorrelation;
import io.skyline.scorecard.Screen;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What a prefilter makes of the outcomes that are known: how well each score ranks the trained
 * trials, and the screen for the next one.
 *
 * <p>A score is used while its rank correlation with the quality is at least {@link
 * #LEAST_CORRELATION} and significant; one that misleads, or says nothing, is dropped until it does
 * better. In deterministic order the screen of a training depends on exactly the trainings on which
 * its proposal may depend.
 */
public final class Screening {
  /** Below it ranks say so little that screening by them wins less than it may lose. */
  static final double LEAST_CORRELATION = 0.2;

  /**
   * Standard deviations of a correlation of unrelated ranks, 1 / sqrt(n - 1): one in 20 is above.
   */
  static final double SIGNIFICANCE = 1.64;

  /** So many of the latest trials are looked at: controllers move on, and messages stay small. */
  static final int WINDOW = 256;

  private Screening() {}

  /** The metric whose ranks the scores foretell: the first goal that is a quality. */
  public static Optional<Metric> quality(Goals goals) {
    return Stream.concat(
            goals.objectives().stream().map(Objective::metric),
            goals.constraints().stream().map(Constraint::metric))
        .filter(metric -> metric.task().isPresent())
        .findFirst();
  }

  /**
   * The screen of a training; open without a prefilter and as long as nothing is to be screened.
   */
  public static Screen of(SearchState state, TaskId training) {
    Optional<Prefilter> prefilter = state.settings().prefilter();
    if (prefilter.isEmpty() || isAgain(state, training)) {
      return Screen.OPEN;
    }
    List<Trial> known = known(state, training);
    long trained = known.stream().filter(trial -> !isScreened(trial)).count();
    if (trained < prefilter.get().after() || trained < prefilter.get().keep() * known.size()) {
      return Screen.OPEN;
    }
    List<Trial> seen =
        latest(known.stream().filter(trial -> prefilter.get().isIn(trial.trained())).toList());
    List<Trial> scored = seen.stream().filter(trial -> !isScreened(trial)).toList();
    Map<Metric, List<Double>> used = new LinkedHashMap<>();
    correlations(state.settings(), scored)
        .forEach(
            (score, correlation) -> {
              if (isUsed(correlation, scored.size())) {
                used.put(score, values(seen, score));
              }
            });
    return used.isEmpty()
        ? Screen.OPEN
        : new Screen(used, quantile(new Screen(used, 0), seen, 1 - prefilter.get().keep()));
  }

  /**
   * The rank correlation of each score with the quality over those trials that were trained; empty
   * where there is none.
   */
  public static Map<Metric, OptionalDouble> correlations(
      SearchSettings settings, List<Trial> trials) {
    Prefilter prefilter = settings.prefilter().orElseThrow();
    Metric quality = quality(settings.goals()).orElseThrow();
    List<Trial> trained =
        trials.stream()
            .filter(trial -> prefilter.isIn(trial.trained()))
            .filter(trial -> trial.trained().value(quality).isPresent())
            .toList();
    double sign = quality.higherIsBetter() ? 1 : -1;
    List<Double> qualities = values(trained, quality).stream().map(value -> sign * value).toList();
    Map<Metric, OptionalDouble> correlations = new LinkedHashMap<>();
    for (Metric score : prefilter.scores()) {
      correlations.put(score, RankCorrelation.of(values(trained, score), qualities));
    }
    return correlations;
  }

  /** Whether a correlation over so many trials is worth following. */
  static boolean isUsed(OptionalDouble correlation, int trials) {
    return correlation.isPresent() && correlation.getAsDouble() >= leastCorrelation(trials);
  }

  /** From which correlation on over so many trials a score is followed. */
  public static double leastCorrelation(int trials) {
    return Math.max(LEAST_CORRELATION, SIGNIFICANCE / Math.sqrt(trials - 1.0));
  }

  /** Whether it trains what an earlier run found good, which nobody is to doubt. */
  private static boolean isAgain(SearchState state, TaskId training) {
    long again = state.learned().stream().filter(SearchEvent.Learned::again).count();
    return state.trial(training.trial()).orElseThrow().step() <= again;
  }

  /** The trials whose outcome may be known to that training. */
  private static List<Trial> known(SearchState state, TaskId training) {
    if (state.settings().order() == SearchSettings.Order.ARRIVAL) {
      return state.trials().stream()
          .filter(trial -> trial.end(training(trial)).isPresent())
          .toList();
    }
    List<Optional<TaskId>> all = state.archive().trainings().all();
    int before = all.indexOf(Optional.of(training)) + 1 - state.settings().lookahead();
    return all.subList(0, Math.max(0, before)).stream()
        .flatMap(Optional::stream)
        .map(task -> state.trials().get(task.trial() - 1))
        .toList();
  }

  private static TaskId training(Trial trial) {
    return TaskId.train(trial.number());
  }

  private static boolean isScreened(Trial trial) {
    return trial.status() == Trial.Status.SCREENED;
  }

  private static List<Trial> latest(List<Trial> trials) {
    return trials.subList(Math.max(0, trials.size() - WINDOW), trials.size());
  }

  private static List<Double> values(List<Trial> trials, Metric metric) {
    return trials.stream().map(trial -> trial.trained().value(metric).orElseThrow()).toList();
  }

  /** The rank below which so large a share of the trials lies. */
  private static double quantile(Screen screen, List<Trial> seen, double share) {
    List<Double> ranks = new ArrayList<>();
    seen.forEach(trial -> ranks.add(screen.rank(trial.trained())));
    ranks.sort(null);
    return Objects.requireNonNull(ranks.get((int) (share * ranks.size())));
  }
}
