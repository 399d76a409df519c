package io.skyline.scorecard;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/** The numbers of one trial, by metric; immutable. */
public record Scorecard(Map<Metric, Measurement> measurements) {
  /** A scorecard without numbers. */
  public static final Scorecard EMPTY = new Scorecard(Map.of());

  public Scorecard {
    EnumMap<Metric, Measurement> copy = new EnumMap<>(Metric.class);
    copy.putAll(measurements);
    measurements = Collections.unmodifiableMap(copy);
  }

  /** The value of a metric, if it was taken. */
  public OptionalDouble value(Metric metric) {
    Measurement measurement = measurements.get(metric);
    return measurement == null ? OptionalDouble.empty() : OptionalDouble.of(measurement.value());
  }

  /** This scorecard with one number added or replaced. */
  public Scorecard with(Metric metric, Measurement measurement) {
    EnumMap<Metric, Measurement> copy = new EnumMap<>(Metric.class);
    copy.putAll(measurements);
    copy.put(metric, measurement);
    return new Scorecard(copy);
  }

  /** This scorecard with the other's numbers added, the other's winning. */
  public Scorecard with(Scorecard other) {
    EnumMap<Metric, Measurement> copy = new EnumMap<>(Metric.class);
    copy.putAll(measurements);
    copy.putAll(other.measurements());
    return new Scorecard(copy);
  }
}
