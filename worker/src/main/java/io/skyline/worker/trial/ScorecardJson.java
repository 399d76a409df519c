package io.skyline.worker.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import java.util.Locale;

/** Numbers as cards hold them: {@code {"latency": {"value": 171.2, "unit": "us", ...}}}. */
final class ScorecardJson {
  private ScorecardJson() {}

  static void write(ObjectNode numbers, Scorecard scorecard) {
    scorecard
        .measurements()
        .forEach(
            (metric, measurement) -> write(numbers.putObject(metric.word()), metric, measurement));
  }

  static void write(ObjectNode node, Metric metric, Measurement measurement) {
    node.put("value", measurement.value());
    node.put("unit", unit(metric));
    if (measurement.tolerance() > 0) {
      node.put("tolerance", measurement.tolerance());
      node.put("confident", measurement.confident());
    }
  }

  private static String unit(Metric metric) {
    String symbol = metric.unit().symbol();
    return symbol.isEmpty() ? metric.unit().name().toLowerCase(Locale.ROOT) : symbol;
  }

  /** Those that are there. */
  static Scorecard read(JsonNode numbers) {
    Scorecard scorecard = Scorecard.EMPTY;
    for (Metric metric : Metric.values()) {
      JsonNode number = numbers.path(metric.word());
      if (number.isObject()) {
        scorecard =
            scorecard.with(
                metric,
                new Measurement(
                    number.path("value").asDouble(),
                    number.path("tolerance").asDouble(0),
                    number.path("confident").asBoolean(true)));
      }
    }
    return scorecard;
  }
}
