package io.skyline.coordinator.config;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Prefilter;
import io.skyline.coordinator.search.Screening;
import io.skyline.scorecard.Metric;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Place;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code prefilter}: which proposals are trained, by scores of untrained networks. */
final class PrefilterSection {
  static final String KEY = "prefilter";

  private static final String EXAMPLE = "prefilter: {scores: [parameters, synflow], keep: 0.5}";
  private static final double LEAST_KEPT = 0.1;
  private static final double MOST_KEPT = 0.9;
  private static final int LEAST_TRIALS = 5;
  private static final int MOST_TRIALS = 1_000_000;

  private final Problems problems;

  PrefilterSection(Problems problems) {
    this.problems = problems;
  }

  /**
   * What a config says.
   *
   * @param place of the section
   */
  record Read(Prefilter prefilter, Place place) {}

  /**
   * The section; empty if all proposals are trained.
   *
   * @param goals whose objectives are no usual scores: what is to be small must not be kept for
   *     being large
   */
  Optional<Read> read(Fields config, Optional<Goals> goals) {
    Optional<Value> value = config.take(KEY);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    Fields fields = Fields.of(KEY, value.get(), EXAMPLE, problems);
    List<Metric> scores =
        fields
            .take("scores")
            .map(list -> scores(fields, list))
            .filter(list -> !list.isEmpty())
            .orElseGet(() -> usual(goals));
    double keep = fields.number("keep", Prefilter.USUAL_KEEP, LEAST_KEPT, MOST_KEPT);
    int after = fields.integer("after", Prefilter.USUAL_AFTER, LEAST_TRIALS, MOST_TRIALS);
    fields.end();
    return Optional.of(new Read(new Prefilter(scores, keep, after), value.get().place()));
  }

  private List<Metric> scores(Fields fields, Value value) {
    List<Value> items =
        value instanceof Value.Sequence list && !list.items().isEmpty()
            ? list.items()
            : List.of(value);
    List<String> words = Prefilter.ALL.stream().map(Metric::word).toList();
    List<Metric> scores = new ArrayList<>();
    for (Value item : items) {
      Optional<Metric> score = fields.word(item, "scores", words).flatMap(Metric::of);
      if (score.isPresent() && scores.contains(score.get())) {
        problems.add(
            item.place(), "'" + score.get().word() + "' stands twice", "Remove one of them.");
      } else {
        score.ifPresent(scores::add);
      }
    }
    return scores;
  }

  private static List<Metric> usual(Optional<Goals> goals) {
    List<Metric> objectives =
        goals.map(Goals::objectives).orElse(List.of()).stream().map(Objective::metric).toList();
    return Prefilter.ALL.stream().filter(score -> !objectives.contains(score)).toList();
  }

  /** Whether the rest of a config goes with a prefilter. */
  void check(Read read, Goals goals, TrainingEngine engine) {
    if (Screening.quality(goals).isEmpty()) {
      problems.add(
          read.place(),
          KEY + ": no goal tells how well a network does its task, which scores could foretell",
          "Add maximize accuracy to the objectives.");
    }
    if (engine != TrainingEngine.ONEDNN
        && read.prefilter().scores().contains(Metric.JACOBIAN_COVARIANCE)) {
      problems.add(
          read.place(),
          KEY + ": the engine 'dl4j' hands out no gradients for 'jacobian_covariance'",
          "Write engine: onednn, or scores without it.");
    }
  }
}
