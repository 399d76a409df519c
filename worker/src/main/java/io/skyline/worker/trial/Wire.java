package io.skyline.worker.trial;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.Split;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.scorecard.Scorecard;
import io.skyline.scorecard.Screen;
import io.skyline.v1.DataSplit;
import io.skyline.v1.SeenScores;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Messages as records and records as messages. */
final class Wire {
  /** Stands for the test split in every task but Test. */
  private static final Split WITHHELD = new Split("", 0, 0);

  private Wire() {}

  static DataCard dataCard(io.skyline.v1.DataCard message) {
    return new DataCard(
        message.getName(),
        new Shape(message.getChannels(), message.getHeight(), message.getWidth()),
        message.getClassNamesList(),
        message.getMeanList(),
        message.getDeviationList(),
        split(message.getTrain()),
        split(message.getValidation()),
        message.hasTest() ? split(message.getTest()) : WITHHELD,
        message.hasRegression() ? Optional.of(target(message.getRegression())) : Optional.empty(),
        message.getFeaturesList().stream()
            .map(feature -> new DataCard.Feature(feature.getName(), feature.getMissing()))
            .toList(),
        message.getSkipped(),
        message.hasUnlabelled() ? Optional.of(split(message.getUnlabelled())) : Optional.empty());
  }

  private static DataCard.NumericTarget target(io.skyline.v1.NumericTarget message) {
    return new DataCard.NumericTarget(message.getName(), message.getMean(), message.getDeviation());
  }

  private static Split split(DataSplit message) {
    return new Split(message.getDigest(), message.getExamples(), message.getBytes());
  }

  static RuntimeBudget runtimeBudget(io.skyline.v1.RuntimeBudget message) {
    int cores = message.getCores();
    return new RuntimeBudget(
        Duration.ofMillis(message.getMillis()),
        cores == 0 ? OptionalInt.empty() : OptionalInt.of(cores));
  }

  static Metric metric(String word) {
    return Metric.of(word)
        .orElseThrow(() -> new IllegalArgumentException("no metric is called " + word));
  }

  static Screen screen(io.skyline.v1.Screen message) {
    Map<Metric, List<Double>> seen = new LinkedHashMap<>();
    for (SeenScores scores : message.getSeenList()) {
      seen.put(metric(scores.getMetric()), scores.getValuesList());
    }
    return new Screen(seen, message.getLeast());
  }

  static Scorecard scorecard(io.skyline.v1.Scorecard message) {
    Scorecard scorecard = Scorecard.EMPTY;
    for (io.skyline.v1.Measurement m : message.getMeasurementsList()) {
      scorecard =
          scorecard.with(
              metric(m.getMetric()),
              new Measurement(m.getValue(), m.getTolerance(), m.getConfident()));
    }
    return scorecard;
  }

  static io.skyline.v1.Scorecard message(Scorecard scorecard) {
    io.skyline.v1.Scorecard.Builder message = io.skyline.v1.Scorecard.newBuilder();
    scorecard
        .measurements()
        .forEach(
            (metric, measurement) ->
                message.addMeasurements(
                    io.skyline.v1.Measurement.newBuilder()
                        .setMetric(metric.word())
                        .setValue(measurement.value())
                        .setTolerance(measurement.tolerance())
                        .setConfident(measurement.confident())));
    return message.build();
  }
}
