package io.skyline.coordinator.wire;

import io.skyline.coordinator.search.Artifact;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.v1.ArtifactRef;
import java.util.Collection;
import java.util.List;

/** Results: scorecards, kinds of failure and artifacts. */
public final class Scorecards {
  private Scorecards() {}

  public static io.skyline.v1.Scorecard message(Scorecard scorecard) {
    io.skyline.v1.Scorecard.Builder message = io.skyline.v1.Scorecard.newBuilder();
    scorecard
        .measurements()
        .forEach((metric, measurement) -> message.addMeasurements(message(metric, measurement)));
    return message.build();
  }

  public static io.skyline.v1.Measurement message(Metric metric, Measurement measurement) {
    return io.skyline.v1.Measurement.newBuilder()
        .setMetric(metric.word())
        .setValue(measurement.value())
        .setTolerance(measurement.tolerance())
        .setConfident(measurement.confident())
        .build();
  }

  /**
   * Metrics that this build does not know are left out: a later build may have measured more.
   *
   * @throws UnreadableMessageException if a known number is not finite
   */
  public static Scorecard scorecard(io.skyline.v1.Scorecard message) {
    Scorecard scorecard = Scorecard.EMPTY;
    for (io.skyline.v1.Measurement number : message.getMeasurementsList()) {
      Metric metric = Metric.of(number.getMetric()).orElse(null);
      if (metric != null) {
        scorecard = scorecard.with(metric, measurement(number));
      }
    }
    return scorecard;
  }

  private static Measurement measurement(io.skyline.v1.Measurement number) {
    try {
      return new Measurement(number.getValue(), number.getTolerance(), number.getConfident());
    } catch (IllegalArgumentException e) {
      throw new UnreadableMessageException(number.getMetric() + ": " + e.getMessage());
    }
  }

  public static io.skyline.v1.FailureKind message(FailureKind kind) {
    return switch (kind) {
      case INFEASIBLE -> io.skyline.v1.FailureKind.INFEASIBLE;
      case DIVERGED -> io.skyline.v1.FailureKind.DIVERGED;
      case OUT_OF_MEMORY -> io.skyline.v1.FailureKind.OUT_OF_MEMORY;
      case TIMED_OUT -> io.skyline.v1.FailureKind.TIMED_OUT;
      case CRASHED -> io.skyline.v1.FailureKind.CRASHED;
      case WORKER_LOST -> io.skyline.v1.FailureKind.WORKER_LOST;
      case BAD_ARTIFACT -> io.skyline.v1.FailureKind.BAD_ARTIFACT;
      case INTERNAL -> io.skyline.v1.FailureKind.INTERNAL;
    };
  }

  /** A kind that this build does not know is {@link FailureKind#INTERNAL}. */
  public static FailureKind failureKind(io.skyline.v1.FailureKind kind) {
    return switch (kind) {
      case INFEASIBLE -> FailureKind.INFEASIBLE;
      case DIVERGED -> FailureKind.DIVERGED;
      case OUT_OF_MEMORY -> FailureKind.OUT_OF_MEMORY;
      case TIMED_OUT -> FailureKind.TIMED_OUT;
      case CRASHED -> FailureKind.CRASHED;
      case WORKER_LOST -> FailureKind.WORKER_LOST;
      case BAD_ARTIFACT -> FailureKind.BAD_ARTIFACT;
      case INTERNAL, FAILURE_KIND_UNSPECIFIED, UNRECOGNIZED -> FailureKind.INTERNAL;
    };
  }

  public static ArtifactRef message(Artifact artifact) {
    return ArtifactRef.newBuilder()
        .setName(artifact.name())
        .setDigest(artifact.digest())
        .setBytes(artifact.bytes())
        .build();
  }

  public static List<ArtifactRef> messages(Collection<Artifact> artifacts) {
    return artifacts.stream().map(Scorecards::message).toList();
  }

  public static List<Artifact> artifacts(List<ArtifactRef> messages) {
    return messages.stream()
        .map(ref -> new Artifact(ref.getName(), ref.getDigest(), ref.getBytes()))
        .toList();
  }
}
