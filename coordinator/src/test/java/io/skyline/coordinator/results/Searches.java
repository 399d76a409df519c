package io.skyline.coordinator.results;

import io.skyline.coordinator.TestData;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Budget;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Builds searches event by event. */
final class Searches {
  private final Goals goals;
  private final boolean latency;
  private final List<SearchEvent> events = new ArrayList<>();
  private int trials;

  Searches(Metric... objectives) {
    this(List.of(), objectives);
  }

  Searches(List<Constraint> constraints, Metric... objectives) {
    this.goals =
        new Goals(java.util.Arrays.stream(objectives).map(Objective::new).toList(), constraints);
    this.latency = goals.mention(Metric.LATENCY);
    DataCard data = TestData.tiny();
    events.add(
        new SearchEvent.Started(
            "demo-1", "name: demo # <b>bold</b>\n", "space", data, 7, "0.1.0", 0));
  }

  /** A trial that was trained, with accuracy and size, and latency where that is a goal. */
  Searches scored(double accuracy, double bytes, double microseconds, Artifact... artifacts) {
    int trial = propose();
    Scorecard card =
        Scorecard.EMPTY
            .with(Metric.ACCURACY, Measurement.exact(accuracy))
            .with(Metric.SIZE, Measurement.exact(bytes));
    if (latency) {
      card = card.with(Metric.LATENCY, new Measurement(microseconds, .02, trial % 2 == 1));
    }
    events.add(new SearchEvent.Scored(TaskId.train(trial), 1, card, List.of(artifacts), 0));
    return this;
  }

  /** Ends the search, so that the members' tests are due. */
  Searches closed() {
    events.add(new SearchEvent.NoMoreProposals("enough", 0));
    return this;
  }

  Searches tested(int trial, double accuracy, Artifact... artifacts) {
    Scorecard card = Scorecard.EMPTY.with(Metric.TEST_ACCURACY, Measurement.exact(accuracy));
    TaskId task = new TaskId(TaskId.Kind.TEST, trial, 1);
    events.add(new SearchEvent.Scored(task, 1, card, List.of(artifacts), 0));
    return this;
  }

  Searches measured(int trial, double microseconds) {
    Scorecard card = Scorecard.EMPTY.with(Metric.LATENCY, new Measurement(microseconds, .02, true));
    TaskId task = new TaskId(TaskId.Kind.MEASURE, trial, 1);
    events.add(new SearchEvent.Scored(task, 1, card, List.of(), 0));
    return this;
  }

  /** The same with a throughput. */
  Searches measured(int trial, double microseconds, double throughput) {
    Scorecard card =
        Scorecard.EMPTY
            .with(Metric.LATENCY, new Measurement(microseconds, .02, true))
            .with(Metric.THROUGHPUT, new Measurement(throughput, .04, true));
    TaskId task = new TaskId(TaskId.Kind.MEASURE, trial, 1);
    events.add(new SearchEvent.Scored(task, 1, card, List.of(), 0));
    return this;
  }

  Searches failed(FailureKind kind, String reason) {
    events.add(new SearchEvent.Failed(TaskId.train(propose()), 1, kind, reason, 0));
    return this;
  }

  private int propose() {
    trials++;
    events.add(new SearchEvent.Proposed(trials, trials, "kernel=3 width=" + 8 * trials, 0));
    return trials;
  }

  Searches rejected(Scorecard exact) {
    events.add(new SearchEvent.Rejected(trials + 1, "kernel=5 width=96", exact, "too large"));
    return this;
  }

  SearchState state() {
    SearchSettings settings =
        new SearchSettings(
            goals,
            Budget.ofTrials(50),
            16,
            SearchSettings.Order.DETERMINISTIC,
            3,
            OptionalInt.empty(),
            latency,
            7,
            1);
    return SearchState.of(settings, events);
  }

  static Constraint sizeAtMost(double bytes) {
    return new Constraint(Metric.SIZE, Constraint.Bound.AT_MOST, bytes);
  }
}
