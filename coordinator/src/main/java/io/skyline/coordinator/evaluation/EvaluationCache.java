package io.skyline.coordinator.evaluation;

import io.skyline.coordinator.artifact.ArtifactException;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.wire.Scorecards;
import io.skyline.coordinator.wire.UnreadableMessageException;
import io.skyline.journal.v1.StoredEvaluation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Evaluations in a folder that all runs of a user share: {@code <key>/} with the file {@code
 * evaluation} and each artifact under its digest.
 *
 * <p>An entry appears whole, by a rename, or not at all, and so it goes: any number of coordinators
 * may use the folder at once, and a user may delete it at any time. What is read is checked against
 * its digests; an entry that fails is removed. When all entries together outgrow their bound, those
 * that were used least recently go.
 */
public final class EvaluationCache implements Evaluations {
  /** Bytes that a user's evaluations take at most. */
  public static final long USUAL_BOUND = 2L << 30;

  private static final Logger LOG = LoggerFactory.getLogger(EvaluationCache.class);
  private static final String FILE = "evaluation";
  private static final int TRIMMED_EVERY = 64;

  private final EntryFolder folder;
  private final ArtifactStore store;
  private final long bound;
  private int notes;

  /**
   * @param root the folder, created when the first evaluation is noted
   * @param store of the search: files come from there and go there
   * @param bound bytes that all entries together may take
   */
  public EvaluationCache(Path root, ArtifactStore store, long bound) {
    this.folder = new EntryFolder(root);
    this.store = store;
    this.bound = bound;
  }

  @Override
  public Optional<Evaluation> recall(String key) {
    Path entry = folder.entry(key);
    try {
      StoredEvaluation stored = StoredEvaluation.parseFrom(Files.readAllBytes(entry.resolve(FILE)));
      if (!stored.getKey().equals(key)) {
        throw new IOException("its file is cut off");
      }
      Evaluation evaluation =
          new Evaluation(
              stored.getSource(),
              Scorecards.scorecard(stored.getScorecard()),
              Scorecards.artifacts(stored.getArtifactsList()));
      for (Artifact artifact : evaluation.artifacts()) {
        fetch(artifact, entry);
      }
      // the last to go when there is no more room
      Files.setLastModifiedTime(entry.resolve(FILE), FileTime.from(Instant.now()));
      return Optional.of(evaluation);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (ArtifactException e) {
      if (e.kind() == ArtifactException.Kind.FULL) {
        LOG.warn("evaluation {} is not used: {}", key, e.getMessage());
        return Optional.empty();
      }
      return damaged(key, e);
    } catch (IOException | UnreadableMessageException e) {
      return damaged(key, e);
    }
  }

  private void fetch(Artifact artifact, Path entry) throws IOException {
    if (!store.has(artifact.digest())) {
      try (InputStream content = Files.newInputStream(entry.resolve(artifact.digest()))) {
        store.put(artifact.digest(), artifact.bytes(), content);
      }
    }
  }

  private Optional<Evaluation> damaged(String key, Exception why) {
    LOG.warn("evaluation {} is damaged and removed: {}", key, why.toString());
    folder.remove(key);
    return Optional.empty();
  }

  @Override
  public void note(String key, Evaluation evaluation) {
    if (Files.exists(folder.entry(key).resolve(FILE))) {
      return;
    }
    try {
      Path draft = folder.draft();
      try {
        for (Artifact artifact : evaluation.artifacts()) {
          store.copyTo(artifact.digest(), draft.resolve(artifact.digest()));
        }
        Files.write(draft.resolve(FILE), message(key, evaluation).toByteArray());
        Path entry = folder.entry(key);
        Files.createDirectories(entry.getParent());
        Files.move(draft, entry, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        EntryFolder.delete(draft);
      }
      if (notes++ % TRIMMED_EVERY == 0) {
        folder.trim(bound);
      }
    } catch (IOException e) {
      if (Files.notExists(folder.entry(key))) { // else another coordinator noted it just now
        LOG.warn("evaluation {} is not kept: {}", key, e.toString());
      }
    }
  }

  private static StoredEvaluation message(String key, Evaluation evaluation) {
    return StoredEvaluation.newBuilder()
        .setSource(evaluation.source())
        .setScorecard(Scorecards.message(evaluation.scorecard()))
        .addAllArtifacts(Scorecards.messages(evaluation.artifacts()))
        .setKey(key)
        .build();
  }
}
