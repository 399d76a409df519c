package io.skyline.coordinator.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import com.typesafe.config.ConfigFactory;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.journal.JournalException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/** The dispatcher with the searches it serves: begins, resumes and lists them. */
public final class Coordination implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Searches that are over are remembered up to here, the oldest forgotten first. */
  private static final int MOST_SEARCHES = 200;

  private final ActorSystem<DispatcherCommand> system;
  private final Admission admission;
  private final ArtifactStore store;
  private final long term;
  private final Map<String, RunningSearch> searches = new LinkedHashMap<>();
  private final AtomicLong sessions = new AtomicLong();

  /**
   * @param admission who may work here
   * @param settings how patient to be with workers
   * @param store of the weights that networks of a search share
   */
  public Coordination(Admission admission, DispatchSettings settings, ArtifactStore store) {
    this.admission = admission;
    this.store = store;
    this.term = System.currentTimeMillis();
    this.system =
        ActorSystem.create(
            Dispatcher.of(settings, System::nanoTime, term),
            "coordinator",
            ConfigFactory.load("coordinator"));
  }

  /**
   * Begins a search.
   *
   * @param folder of the run, without a journal yet
   * @throws JournalException if the folder cannot be used
   */
  public SearchHandle begin(SearchPlan plan, Path folder) throws JournalException {
    synchronized (searches) {
      checkFree(plan.name());
      return keep(RunningSearch.begin(plan, folder, system, admission.build(), store));
    }
  }

  /**
   * Goes on with a search.
   *
   * @param plan made from the config and data that the search began with
   * @param folder of the run
   * @throws JournalException if the folder holds no such search or another process has it
   */
  public SearchHandle resume(SearchPlan plan, Path folder, Resumption resumption)
      throws JournalException {
    synchronized (searches) {
      checkFree(plan.name());
      return keep(RunningSearch.resume(plan, folder, resumption, system, admission.build(), store));
    }
  }

  private void checkFree(String name) throws JournalException {
    RunningSearch same = searches.get(name);
    if (same != null && !same.completion().isDone()) {
      throw new JournalException("search " + name + " runs here already, in " + same.folder());
    }
  }

  private SearchHandle keep(RunningSearch search) {
    searches.remove(search.name());
    searches.put(search.name(), search);
    for (RunningSearch old : List.copyOf(searches.values())) {
      if (searches.size() > MOST_SEARCHES && old.completion().isDone()) {
        searches.remove(old.name());
      }
    }
    return search;
  }

  /** The searches that run, and the latest that ran. */
  public List<SearchHandle> searches() {
    synchronized (searches) {
      return List.copyOf(searches.values());
    }
  }

  /** The search of that name. */
  public Optional<SearchHandle> search(String name) {
    synchronized (searches) {
      return Optional.ofNullable(searches.get(name));
    }
  }

  /** The incarnation of this coordinator; later ones are larger. */
  public long term() {
    return term;
  }

  /** The workers that are connected now. */
  public List<DispatcherCommand.WorkerInfo> workers() {
    CompletableFuture<List<DispatcherCommand.WorkerInfo>> answer =
        AskPattern.ask(system, DispatcherCommand.ListWorkers::new, PATIENCE, system.scheduler())
            .toCompletableFuture();
    return answer.join();
  }

  /** A session for a stream that a worker has opened. */
  public ActorRef<SessionCommand> openSession(Outbox outbox) {
    return system.systemActorOf(
        WorkerSession.of(system, admission, outbox),
        "session-" + sessions.incrementAndGet(),
        Props.empty());
  }

  /** Asks every worker to finish and leave. */
  public void drain(String reason) {
    system.tell(new DispatcherCommand.DrainAll(reason));
  }

  /** Suspends the searches that run, each with its journal whole, and ends. */
  @Override
  public void close() {
    List<RunningSearch> open;
    synchronized (searches) {
      open = new ArrayList<>(searches.values());
    }
    open.forEach(RunningSearch::suspend);
    for (RunningSearch search : open) {
      await(search.completion().handle((state, failure) -> true));
    }
    system.terminate();
    await(system.getWhenTerminated().toCompletableFuture());
  }

  private void await(CompletableFuture<?> future) {
    try {
      future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      system.log().warn("did not end in time: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
