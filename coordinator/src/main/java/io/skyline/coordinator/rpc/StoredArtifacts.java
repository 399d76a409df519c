package io.skyline.coordinator.rpc;

import io.skyline.coordinator.actor.TaskResult;
import io.skyline.coordinator.actor.WorkerSignal;
import io.skyline.coordinator.artifact.ArtifactException;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.search.Artifact;
import io.skyline.scorecard.FailureKind;

/** Lets a report name only files that are stored, so that what is journalled can be read. */
final class StoredArtifacts {
  private static final int MOST_ARTIFACTS = 64;

  private final ArtifactStore store;

  StoredArtifacts(ArtifactStore store) {
    this.store = store;
  }

  /** The signal itself, or a report of {@link FailureKind#BAD_ARTIFACT} in place of it. */
  WorkerSignal checked(WorkerSignal signal) {
    if (!(signal instanceof WorkerSignal.Report report)
        || !(report.result() instanceof TaskResult.Scored scored)) {
      return signal;
    }
    if (scored.artifacts().size() > MOST_ARTIFACTS) {
      return bad(report, "a task stores at most " + MOST_ARTIFACTS + " files");
    }
    for (Artifact artifact : scored.artifacts()) {
      try {
        if (!store.has(artifact.digest())) {
          return bad(report, artifact.name() + " was reported, but not uploaded");
        }
        if (store.bytes(artifact.digest()) != artifact.bytes()) {
          return bad(report, artifact.name() + " has not the size that was reported");
        }
      } catch (ArtifactException e) {
        return bad(report, artifact.name() + ": " + e.getMessage());
      }
    }
    return signal;
  }

  private static WorkerSignal bad(WorkerSignal.Report report, String reason) {
    return new WorkerSignal.Report(
        report.lease(), new TaskResult.Failed(FailureKind.BAD_ARTIFACT, reason));
  }
}
