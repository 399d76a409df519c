package io.skyline.coordinator.rpc;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchProgress;
import io.skyline.coordinator.search.SearchState;
import io.skyline.v1.SearchStatus;
import java.time.Duration;
import java.util.Locale;

/** A search's progress as the wire has it. */
final class StatusMessages {
  private StatusMessages() {}

  static SearchStatus message(SearchHandle search) {
    SearchProgress progress = search.progress();
    return SearchStatus.newBuilder()
        .setSearch(progress.search())
        .setPhase(phase(search.state()))
        .setBudget(progress.budget())
        .setScored(progress.counts().scored())
        .setFailed(progress.counts().failed())
        .setRunning(progress.counts().running())
        .setPaused(progress.counts().paused())
        .setScreened(progress.counts().screened())
        .setRejected(progress.counts().rejected())
        .setRecalled(progress.counts().recalled())
        .setHypervolume(progress.hypervolume())
        .setBestAccuracy(progress.bestAccuracy().orElse(0))
        .setSecondsLeft(progress.left().map(Duration::toSeconds).orElse(-1L))
        .setMessage(progress.message())
        .setRunFolder(search.folder().toString())
        .build();
  }

  /** The phase in the words of {@code control.proto}. */
  static String phase(SearchState state) {
    return switch (state.phase()) {
      case SHARING, DERIVING, SEARCHING, REFITTING, MEASURING, TESTING, CANCELLED ->
          state.phase().name().toLowerCase(Locale.ROOT);
      case FINISHED, ENDED -> state.frontier().members().isEmpty() ? "failed" : "done";
    };
  }
}
