package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.Artifact;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Scorecard;
import java.util.List;

/** What a worker reports of an attempt. */
public sealed interface TaskResult {
  /** Numbers, and files that are stored already. */
  record Scored(Scorecard scorecard, List<Artifact> artifacts) implements TaskResult {
    public Scored {
      artifacts = List.copyOf(artifacts);
    }
  }

  /** No numbers. */
  record Failed(FailureKind kind, String reason) implements TaskResult {}
}
