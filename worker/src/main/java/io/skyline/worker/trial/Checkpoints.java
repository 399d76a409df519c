package io.skyline.worker.trial;

import io.skyline.scorecard.Scorecard;
import io.skyline.v1.Scored;
import io.skyline.v1.Train;
import io.skyline.worker.data.ArtifactSource;
import io.skyline.worker.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where paused trainings come from and go to. */
final class Checkpoints {
  private final ArtifactSource source;

  Checkpoints(ArtifactSource source) {
    this.source = source;
  }

  /**
   * What a task goes on from; empty if it begins.
   *
   * @param folder for a file that is gone afterwards
   * @throws TaskFailedException BAD_ARTIFACT, if it is no checkpoint
   */
  Optional<CheckpointFile.Content> fetch(Train task, Path folder)
      throws IOException, TaskFailedException {
    if (!task.hasCheckpoint()) {
      return Optional.empty();
    }
    String digest = task.getCheckpoint().getDigest();
    Path file = Files.createTempFile(folder, "before", ".checkpoint");
    try {
      source.fetch(digest, file);
      Artifacts.verify(file, digest);
      return Optional.of(CheckpointFile.read(file));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** What a task gives that pauses. */
  Scored store(Checkpoint checkpoint, LossCurve losses, Scorecard scorecard, Path folder)
      throws IOException {
    List<Double> training = losses.stages().getOrDefault("train", List.of());
    float[] byEpoch = new float[training.size()];
    for (int i = 0; i < byEpoch.length; i++) {
      byEpoch[i] = training.get(i).floatValue();
    }
    Path file = folder.resolve(TrialFiles.CHECKPOINT);
    CheckpointFile.write(new CheckpointFile.Content(checkpoint, byEpoch), file);
    return Scored.newBuilder()
        .setScorecard(Wire.message(scorecard))
        .addArtifacts(Artifacts.of(file))
        .build();
  }
}
