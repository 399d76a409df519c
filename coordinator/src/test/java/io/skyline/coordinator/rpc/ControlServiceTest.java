package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.skyline.coordinator.actor.Coordination;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.journal.JournalException;
import io.skyline.coordinator.search.SearchState;
import io.skyline.v1.CancelRequest;
import io.skyline.v1.ControlGrpc;
import io.skyline.v1.FilesRequest;
import io.skyline.v1.FrontierRequest;
import io.skyline.v1.SearchStatus;
import io.skyline.v1.StatusReply;
import io.skyline.v1.StatusRequest;
import io.skyline.v1.SubmitRequest;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
final class ControlServiceTest {
  @TempDir Path folder;
  private ArtifactStore store;
  private CoordinatorServer server;
  private ManagedChannel channel;
  private ControlGrpc.ControlBlockingStub control;

  @BeforeEach
  void open() throws Exception {
    store = ArtifactStore.open(folder.resolve("artifacts"), 1 << 24);
    server = CoordinatorServer.open(TestServer.settings(0), store, Actions::new).listen();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    control = ControlGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void close() throws Exception {
    channel.shutdownNow();
    server.close();
    store.close();
  }

  /** Configs here are the number of trials. */
  private final class Actions implements ControlActions {
    private final Coordination coordination;

    Actions(Coordination coordination) {
      this.coordination = coordination;
    }

    @Override
    public SearchHandle submit(String configYaml, String fileName) throws RejectedRequestException {
      try {
        int trials = Integer.parseInt(configYaml);
        String name = "tiny-" + trials;
        return coordination.begin(TinySearch.plan(name, trials), folder.resolve(name));
      } catch (NumberFormatException | JournalException e) {
        throw new RejectedRequestException(fileName + ": " + e.getMessage());
      }
    }

    @Override
    public String frontier(SearchState state, String format) {
      return format + " of " + state.frontier().members().size();
    }
  }

  private static SubmitRequest config(String yaml) {
    return SubmitRequest.newBuilder().setConfigYaml(yaml).setFileName("x.yaml").build();
  }

  @Test
  void submitsWatchesAndCancels() {
    assertThat(control.submit(config("3")).getSearch()).isEqualTo("tiny-3");
    assertThat(control.submit(config("500")).getSearch()).isEqualTo("tiny-500");
    try (FakeWorker worker =
        new FakeWorker(server.port(), WorkerTraits.usual(2).taking(Duration.ofMillis(30)))) {
      await().until(() -> status("tiny-3").getPhase().equals("done"));
      await().until(() -> status("tiny-500").getScored() > 2);
      StatusReply all = control.status(StatusRequest.getDefaultInstance());
      assertThat(all.getSearchesList()).hasSize(2);
      assertThat(all.getWorkersList())
          .singleElement()
          .satisfies(
              seen -> {
                assertThat(seen.getWorkerId()).isEqualTo(worker.id);
                assertThat(seen.getSlots()).isEqualTo(2);
                assertThat(seen.getBusy()).isBetween(0, 2);
              });
      SearchStatus status = status("tiny-3");
      assertThat(status.getScored()).isEqualTo(3);
      assertThat(status.getBudget()).isEqualTo(3);
      assertThat(status.getHypervolume()).isPositive();
      assertThat(status.getRunFolder()).isEqualTo(folder.resolve("tiny-3").toString());
      assertThat(control.frontier(frontier("tiny-3", "csv")).getText()).startsWith("csv of ");
      FilesRequest files = FilesRequest.newBuilder().setSearch("tiny-500").setTrial(1).build();
      await().until(() -> status("tiny-500").getScored() > 2);
      assertThat(control.files(files).getFilesList())
          .isNotEmpty()
          .allSatisfy(file -> assertThat(store.has(file.getDigest())).isTrue());
      FilesRequest none = files.toBuilder().setTrial(499).build();
      assertThatThrownBy(() -> control.files(none))
          .hasMessageContaining("trial 499 of tiny-500 has no model");

      CancelRequest cancel = CancelRequest.newBuilder().setSearch("tiny-500").build();
      assertThat(control.cancel(cancel).getPhase()).isEqualTo("cancelled");
      assertThat(status("tiny-500").getPhase()).isEqualTo("cancelled");
      await().until(() -> worker.running.isEmpty());
    }
  }

  private SearchStatus status(String search) {
    return control.status(StatusRequest.newBuilder().setSearch(search).build()).getSearches(0);
  }

  private static FrontierRequest frontier(String search, String format) {
    return FrontierRequest.newBuilder().setSearch(search).setFormat(format).build();
  }

  @Test
  void saysWhatIsWrongWithARequest() {
    assertThatThrownBy(() -> control.submit(config("many")))
        .hasMessageContaining("INVALID_ARGUMENT: x.yaml")
        .hasMessageContaining("many");
    assertThatThrownBy(() -> control.submit(config("1".repeat((1 << 20) + 1))))
        .hasMessageContaining("at most 1 MiB");
    assertThatThrownBy(() -> status("../../etc"))
        .hasMessageContaining("NOT_FOUND: no search '../../etc' is known here; there are []");
    assertThatThrownBy(() -> control.frontier(frontier("none", "csv")))
        .hasMessageContaining("NOT_FOUND");
    control.submit(config("7"));
    assertThatThrownBy(() -> control.submit(config("7"))).hasMessageContaining("runs here already");
  }
}
