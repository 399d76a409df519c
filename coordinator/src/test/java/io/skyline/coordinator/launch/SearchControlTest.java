package io.skyline.coordinator.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.actor.Admission;
import io.skyline.coordinator.actor.Coordination;
import io.skyline.coordinator.actor.DispatchSettings;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.rpc.RejectedRequestException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SearchControlTest {
  @TempDir Path folder;

  @Test
  void leavesNoFolderOfASearchThatCannotBegin() throws Exception {
    Path runs = Files.createDirectory(folder.resolve("runs"));
    try (ArtifactStore store = ArtifactStore.open(folder.resolve("artifacts"), 1 << 26);
        Coordination coordination =
            new Coordination(new Admission("build", "catalog"), DispatchSettings.USUAL, store)) {
      SearchControl control =
          new SearchControl(runs, new SearchLauncher(store, coordination), (run, search) -> {});
      // ten classes, which shows only when the data is read
      String config =
          """
          name: lopsided
          data: fashion-mini
          space: mobile
          objectives: [maximize accuracy]
          controller: random
          budget: {trials: 2, epochs: 1}
          training: {class_weights: [1, 2]}
          """;
      assertThatThrownBy(() -> control.submit(config, "lopsided.yaml"))
          .isInstanceOf(RejectedRequestException.class)
          .hasMessageContaining("lopsided.yaml:7:")
          .hasMessageContaining("'class_weights' has 2 numbers, but the data has 10 classes");
      assertThat(runs).isEmptyDirectory();
      assertThat(coordination.searches()).isEmpty();
    }
  }
}
