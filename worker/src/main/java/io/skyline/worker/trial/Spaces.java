package io.skyline.worker.trial;

import io.skyline.space.CandidateSpace;
import io.skyline.space.SpaceReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads the spaces of tasks and keeps the last: the tasks of a search all name the same, and
 * reading it again would take longer than decoding a genome of it.
 */
final class Spaces {
  private volatile @Nullable Read last;

  private record Read(String yaml, CandidateSpace space) {}

  /**
   * The space that a task names.
   *
   * @throws io.skyline.yaml.InvalidDocumentException if it is none
   */
  CandidateSpace read(String yaml) {
    Read known = last;
    if (known == null || !known.yaml().equals(yaml)) {
      known = new Read(yaml, SpaceReader.read(yaml, "the task's space"));
      last = known;
    }
    return known.space();
  }
}
