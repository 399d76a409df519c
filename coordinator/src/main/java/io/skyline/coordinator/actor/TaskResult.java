package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.Artifact;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Scorecard;
import java.util.List;

/** What a worker reports of an attempt. */
public sealed interface TaskResult {
  /**
   * Numbers, and files that are stored already.
   *
   * @param fetchedBytes of shared weights that the worker did not have
   */
  record Scored(Scorecard scorecard, List<Artifact> artifacts, long fetchedBytes)
      implements TaskResult {
    public Scored {
      artifacts = List.copyOf(artifacts);
    }

    /** Of a task without shared weights. */
    public Scored(Scorecard scorecard, List<Artifact> artifacts) {
      this(scorecard, artifacts, 0);
    }
  }

  /** Not trained: the scores of the untrained network did not pass the screen. */
  record Screened(Scorecard scores) implements TaskResult {}

  /** No numbers. */
  record Failed(FailureKind kind, String reason) implements TaskResult {}
}
