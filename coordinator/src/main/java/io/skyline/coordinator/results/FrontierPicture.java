package io.skyline.coordinator.results;

import io.skyline.coordinator.results.Drawing.Ink;
import io.skyline.coordinator.search.HypervolumeCurve;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.MetricText;
import io.skyline.scorecard.Unit;
import java.util.ArrayList;
import java.util.List;

/**
 * The frontier drawn: the first objective against each of the others, the members before all scored
 * trials; and how the hypervolume grew.
 */
public final class FrontierPicture {
  private static final double MEMBER_RADIUS = 5;
  private static final double TRIAL_RADIUS = 3;

  private FrontierPicture() {}

  /** All plots side by side as a PNG; needs no display. */
  public static byte[] png(SearchState state) {
    return Png.of(plots(state).stream().reduce(Drawing::beside).orElseThrow());
  }

  /** One plot for each objective after the first; over the trial's number if there is only one. */
  static List<Drawing> plots(SearchState state) {
    List<Objective> objectives = state.settings().goals().objectives();
    Metric first = objectives.get(0).metric();
    List<Drawing> plots = new ArrayList<>();
    for (Objective other : objectives.subList(1, objectives.size())) {
      plots.add(scatter(state, other.metric(), first));
    }
    if (plots.isEmpty()) {
      plots.add(course(state, first));
    }
    return plots;
  }

  /** Hypervolume over trials. */
  static Drawing hypervolume(SearchState state) {
    double[] volumes = HypervolumeCurve.of(state.settings().goals(), state.trials());
    Plot plot =
        new Plot(
            Axis.counting(volumes.length),
            "trial",
            MetricText::exact,
            Axis.around(volumes, false),
            "hypervolume",
            MetricText::exact);
    if (volumes.length > 0) {
      double[] points = new double[2 * volumes.length];
      for (int i = 0; i < volumes.length; i++) {
        points[2 * i] = i + 1;
        points[2 * i + 1] = volumes[i];
      }
      plot.curve(points, Ink.CURVE);
    }
    return plot.drawing();
  }

  private static Drawing scatter(SearchState state, Metric across, Metric up) {
    List<Trial> shown =
        state.trials().stream().filter(trial -> has(trial, across) && has(trial, up)).toList();
    Plot plot =
        new Plot(
            axis(shown, across),
            title(across),
            value -> MetricText.tick(across, value),
            axis(shown, up),
            title(up),
            value -> MetricText.tick(up, value));
    for (boolean members : new boolean[] {false, true}) {
      for (Trial trial : shown) {
        if (state.frontier().contains(trial.number()) == members) {
          plot.dot(
              value(trial, across),
              value(trial, up),
              members ? MEMBER_RADIUS : TRIAL_RADIUS,
              members ? Ink.MEMBER : Ink.TRIAL,
              note(trial, across, up));
        }
      }
    }
    return plot.drawing();
  }

  private static Drawing course(SearchState state, Metric up) {
    List<Trial> shown = state.trials().stream().filter(trial -> has(trial, up)).toList();
    Plot plot =
        new Plot(
            Axis.counting(state.trials().size()),
            "trial",
            MetricText::exact,
            axis(shown, up),
            title(up),
            value -> MetricText.tick(up, value));
    for (Trial trial : shown) {
      boolean member = state.frontier().contains(trial.number());
      plot.dot(
          trial.number(),
          value(trial, up),
          member ? MEMBER_RADIUS : TRIAL_RADIUS,
          member ? Ink.MEMBER : Ink.TRIAL,
          note(trial, up));
    }
    return plot.drawing();
  }

  private static String note(Trial trial, Metric... metrics) {
    StringBuilder note = new StringBuilder("trial " + trial.number());
    for (Metric metric : metrics) {
      note.append(", ").append(MetricText.readable(metric, value(trial, metric)));
    }
    return note.toString();
  }

  private static String title(Metric metric) {
    return metric.word().replace('_', ' ');
  }

  private static boolean has(Trial trial, Metric metric) {
    return trial.status() == Trial.Status.SCORED && trial.scorecard().value(metric).isPresent();
  }

  private static Axis axis(List<Trial> trials, Metric metric) {
    double[] values = trials.stream().mapToDouble(trial -> value(trial, metric)).toArray();
    return Axis.around(values, metric.unit() == Unit.BYTES);
  }

  private static double value(Trial trial, Metric metric) {
    return trial.scorecard().value(metric).orElseThrow();
  }
}
