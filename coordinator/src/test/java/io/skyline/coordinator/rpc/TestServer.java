package io.skyline.coordinator.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.actor.DispatchSettings;
import io.skyline.coordinator.actor.Resumption;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.controller.Proposer;
import io.skyline.coordinator.controller.ReplayInvariant;
import io.skyline.coordinator.journal.JournalReader;
import io.skyline.coordinator.search.Invariants;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** A coordinator on a free port with impatient heartbeats, and its fake workers. */
final class TestServer implements AutoCloseable {
  static final DispatchSettings IMPATIENT =
      new DispatchSettings(Duration.ofMillis(200), 4, Duration.ofSeconds(2));

  static {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40)); // the machine may be busy
  }

  final CoordinatorServer server;
  private final ArtifactStore store;
  private final Path folder;
  private final List<FakeWorker> workers = new ArrayList<>();

  private TestServer(Path folder, ArtifactStore store, CoordinatorServer server) {
    this.folder = folder;
    this.store = store;
    this.server = server;
  }

  static ServerSettings settings(int port) {
    return new ServerSettings("127.0.0.1", port, "test-build", "catalog", 1 << 20, IMPATIENT);
  }

  static TestServer open(Path folder) throws IOException {
    ArtifactStore store = ArtifactStore.open(folder.resolve("artifacts"), 1 << 24);
    CoordinatorServer server =
        CoordinatorServer.open(settings(0), store, coordination -> new NoControl()).listen();
    return new TestServer(folder, store, server);
  }

  ArtifactStore store() {
    return store;
  }

  SearchHandle begin(SearchPlan plan) throws Exception {
    return server.coordination().begin(plan, run(plan));
  }

  SearchHandle resume(SearchPlan plan, Resumption how) throws Exception {
    return server.coordination().resume(plan, run(plan), how);
  }

  private Path run(SearchPlan plan) {
    return folder.resolve(plan.name());
  }

  FakeWorker worker(WorkerTraits traits) {
    FakeWorker worker = new FakeWorker(server.port(), traits);
    workers.add(worker);
    return worker;
  }

  void workers(int count) {
    for (int i = 0; i < count; i++) {
      worker(WorkerTraits.usual(1));
    }
  }

  static SearchState end(SearchHandle search) throws Exception {
    return search.completion().get(60, TimeUnit.SECONDS);
  }

  /** All events of an ended search, after the invariants were checked on them. */
  List<SearchEvent> journal(SearchPlan plan) throws Exception {
    return checked(run(plan), plan, acknowledged(workers.toArray(FakeWorker[]::new)));
  }

  static Set<TaskId> acknowledged(FakeWorker... workers) {
    return Arrays.stream(workers)
        .flatMap(worker -> worker.acknowledged.stream())
        .map(ref -> TaskId.parse(ref.getTask()).orElseThrow())
        .collect(Collectors.toSet());
  }

  static List<SearchEvent> checked(Path run, SearchPlan plan, Set<TaskId> acknowledged)
      throws Exception {
    List<SearchEvent> events = JournalReader.read(run);
    assertThat(Invariants.check(plan.settings(), events, acknowledged)).isEmpty();
    Proposer fresh = new Proposer(TinySearch.SPACE, plan.controller().get(), plan.gate());
    assertThat(ReplayInvariant.check(plan.settings(), events, fresh)).isEmpty();
    return events;
  }

  /** What has to be the same however a deterministic search was run. */
  static List<String> trials(SearchState state) {
    return state.trials().stream()
        .map(
            trial ->
                "%d %s %s %s %s"
                    .formatted(
                        trial.number(),
                        trial.genome(),
                        trial.status(),
                        trial.scorecard(),
                        state.frontier().contains(trial.number())))
        .toList();
  }

  static List<Integer> frontier(SearchState state) {
    return state.frontier().members().stream().map(Trial::number).toList();
  }

  @Override
  public void close() throws Exception {
    workers.forEach(FakeWorker::close);
    server.close();
    store.close();
  }

  /** The leases that were taken away or given back, in order. */
  static List<SearchEvent.LeaseEnded> leaseEnds(List<SearchEvent> events) {
    return events.stream()
        .filter(SearchEvent.LeaseEnded.class::isInstance)
        .map(SearchEvent.LeaseEnded.class::cast)
        .toList();
  }
}
