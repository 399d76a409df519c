package io.skyline.coordinator.results;

import io.skyline.coordinator.results.Drawing.Ink;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Ladder;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.MetricText;
import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * The validation scores of a trial at the rungs that it reached.
 *
 * @param points by epochs, rising
 */
record LearningCurve(List<Point> points) {
  /**
   * A score.
   *
   * @param epochs trained
   * @param score accuracy, or R2 in regression
   */
  record Point(int epochs, double score) {}

  static LearningCurve of(SearchState state, Trial trial) {
    List<Point> points = new ArrayList<>();
    for (Ladder.Rung rung : trial.ladder().rungs()) {
      add(points, rung.epochs(), rung.scorecard());
    }
    if (trial.status() == Trial.Status.SCORED) {
      int full = state.settings().halving().map(Halving::epochs).orElse(0);
      add(points, full, trial.trained());
    }
    return new LearningCurve(List.copyOf(points));
  }

  private static void add(List<Point> points, int epochs, Scorecard scorecard) {
    OptionalDouble accuracy = scorecard.value(Metric.ACCURACY);
    OptionalDouble score = accuracy.isPresent() ? accuracy : scorecard.value(Metric.R2);
    score.ifPresent(value -> points.add(new Point(epochs, value)));
  }

  /** How long the trial was trained, as far as it was scored. */
  int epochs() {
    return points.isEmpty() ? 0 : points.get(points.size() - 1).epochs();
  }

  /** {@code 1:0.52 3:0.61}. */
  String text() {
    return points.stream()
        .map(point -> point.epochs() + ":" + MetricText.exact(point.score()))
        .collect(Collectors.joining(" "));
  }

  /** All trials' curves, those of the frontier on top. */
  static Drawing picture(SearchState state) {
    double[] scores =
        state.trials().stream()
            .flatMap(trial -> of(state, trial).points().stream())
            .mapToDouble(Point::score)
            .toArray();
    Plot plot =
        new Plot(
            Axis.counting(state.settings().halving().map(Halving::epochs).orElse(1)),
            "epochs",
            MetricText::exact,
            Axis.around(scores, false),
            "score",
            MetricText::exact);
    for (boolean members : new boolean[] {false, true}) {
      for (Trial trial : state.trials()) {
        if (state.frontier().contains(trial.number()) == members) {
          of(state, trial).draw(plot, trial.number(), members ? Ink.MEMBER : Ink.TRIAL);
        }
      }
    }
    return plot.drawing();
  }

  private void draw(Plot plot, int trial, Ink ink) {
    double[] line = new double[2 * points.size()];
    for (int i = 0; i < points.size(); i++) {
      line[2 * i] = points.get(i).epochs();
      line[2 * i + 1] = points.get(i).score();
      plot.dot(line[2 * i], line[2 * i + 1], 2, ink, "trial " + trial);
    }
    if (points.size() > 1) {
      plot.curve(line, ink);
    }
  }
}
