package io.skyline.coordinator.launch;

import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.config.ConfigReader;
import io.skyline.coordinator.config.TeacherFile;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Trial;
import io.skyline.coordinator.sharing.SharedWeights;
import io.skyline.scorecard.DataCard;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The artifacts that a run may still need: its data, transfer data included, its teachers and the
 * files of every scored trial, which {@code export} gives out, those of trainings of an earlier run
 * that are still to be measured, and the checkpoints of trials that may be trained further. Others
 * are garbage: models that a refit or a test replaced, checkpoints of trials that went on or ended,
 * and what attempts that came to nothing had uploaded.
 */
public final class RunArtifacts {
  private RunArtifacts() {}

  /**
   * Their digests.
   *
   * @param state of a search that has begun
   */
  public static Set<String> of(SearchState state) {
    Set<String> digests = new HashSet<>();
    state.started().ifPresent(started -> inputs(started, digests));
    for (Trial trial : state.trials()) {
      trial.artifacts().stream().map(Artifact::digest).forEach(digests::add);
      trial.checkpoint().map(Artifact::digest).ifPresent(digests::add);
    }
    state.recalled().stream()
        .filter(known -> !state.isTerminal(known.task()))
        .flatMap(known -> known.artifacts().stream())
        .map(Artifact::digest)
        .forEach(digests::add);
    return digests;
  }

  /**
   * The same with what a search that is not over needs of its shared weights.
   *
   * @throws IOException if these cannot be read
   */
  public static Set<String> of(SearchState state, ArtifactStore store) throws IOException {
    Set<String> digests = of(state);
    digests.addAll(SharedWeights.needed(store, state.sharing()));
    return digests;
  }

  private static void inputs(SearchEvent.Started started, Set<String> digests) {
    DataCard data = started.data();
    for (DataCard.Split split : List.of(data.train(), data.validation(), data.test())) {
      digests.add(split.digest());
    }
    data.unlabelled().ifPresent(split -> digests.add(split.digest()));
    for (TeacherFile teacher : ConfigReader.reread(started.configYaml()).teachers()) {
      digests.add(teacher.teacher().digest());
    }
  }
}
