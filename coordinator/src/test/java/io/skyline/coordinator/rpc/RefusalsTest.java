package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.space.Catalog;
import io.skyline.v1.Demand;
import io.skyline.v1.Hello;
import io.skyline.v1.WorkerMessage;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that cannot work here are told why. */
@Timeout(120)
final class RefusalsTest {
  private static final WorkerTraits ONE = WorkerTraits.usual(1);

  @TempDir Path folder;

  private String refusal(TestServer server, Consumer<Hello.Builder> change) throws Exception {
    Hello.Builder hello = ONE.hello().toBuilder();
    change.accept(hello);
    return server.worker(ONE.with(hello)).refused.get(40, TimeUnit.SECONDS);
  }

  @Test
  void refusesOtherBuildsProtocolsAndCatalogs() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      assertThat(refusal(server, hello -> hello.setBuild("0.2.0+beef")))
          .isEqualTo(
              "this coordinator is build test-build and the worker 0.2.0+beef:"
                  + " install the same build on both");
      assertThat(refusal(server, hello -> hello.setProtocol(9)))
          .contains("speaks protocol 1 and the worker 9");
      assertThat(refusal(server, hello -> hello.setCatalogDigest("older")))
          .contains("catalog of spaces differs");
      assertThat(refusal(server, hello -> hello.setSlots(0))).contains("1 to 1,024 slots");
      assertThat(refusal(server, hello -> hello.setSlots(-1))).contains("slots");
      assertThat(refusal(server, hello -> hello.setNumericFingerprint("")))
          .contains("no numeric fingerprint");
      assertThat(server.server.coordination().workers()).isEmpty();
    }
  }

  @Test
  void everyCoordinatorAsksForItsOwnCatalog() {
    assertThat(ServerSettings.LOCAL.at("0.0.0.0", 7070).catalogDigest())
        .isEqualTo(Catalog.digest());
  }

  @Test
  void bindsADeterministicSearchToTheFirstWorkersNumerics() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(TinySearch.plan("tiny-1", 2_000));
      server.worker(ONE);
      await().until(() -> search.state().numerics().isPresent());
      assertThat(refusal(server, hello -> hello.setNumericFingerprint("beef")))
          .contains("search tiny-1")
          .contains("deterministic")
          .contains("f00d")
          .contains("beef")
          .contains("order: arrival");
      assertThat(refusal(server, hello -> hello.clearEngines().addEngines("dl4j")))
          .contains("engine 'onednn'");
    }
  }

  @Test
  void hearsHelloFirst() throws Exception {
    try (TestServer server = TestServer.open(folder)) {
      SearchHandle search = server.begin(TinySearch.plan("tiny-1", 5));
      FakeWorker mute = server.worker(ONE.with(ONE.hello().toBuilder().setBuild("refused")));
      mute.refused.get(40, TimeUnit.SECONDS);
      mute.say(WorkerMessage.newBuilder().setDemand(Demand.newBuilder().setSlots(1)).build());
      await().pollDelay(300, TimeUnit.MILLISECONDS).until(() -> mute.assigned.isEmpty());
      assertThat(search.state().leases()).isEmpty();
    }
  }
}
