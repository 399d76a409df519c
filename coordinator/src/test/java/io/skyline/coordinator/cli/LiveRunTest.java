package io.skyline.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.launch.SingleSearch;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.coordinator.rpc.CoordinatorServer;
import io.skyline.coordinator.rpc.ServerSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LiveRunTest {
  @TempDir Path folder;

  @Test
  void takesNoOtherCoordinatorThatCameToTheSamePortForTheRunsOwn() throws Exception {
    RunFolder run = RunFolder.create(folder.resolve("runs"), "fashion", "name: fashion\n");
    try (ArtifactStore store = ArtifactStore.open(folder.resolve("artifacts"), 1 << 20);
        CoordinatorServer other =
            CoordinatorServer.open(ServerSettings.LOCAL, store, searches -> new SingleSearch())
                .listen();
        LiveRun stale = LiveRun.announce(run, other.address())) {
      assertThat(stale).isNotNull();
      try (RemoteCoordinator there = RemoteCoordinator.connect(other.address())) {
        assertThat(there.status("").getSearchesList()).isEmpty();
      }
      assertThat(LiveRun.coordinator(run)).isEmpty();
    }
  }
}
