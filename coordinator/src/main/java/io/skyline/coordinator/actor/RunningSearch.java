package io.skyline.coordinator.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.journal.JournalDatabase;
import io.skyline.coordinator.journal.JournalException;
import io.skyline.coordinator.journal.JournalReader;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.sharing.SharedWeights;
import io.skyline.coordinator.sharing.WeightMerger;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A search with its journal and the actor system that both live in. */
final class RunningSearch implements SearchHandle {
  private final SearchPlan plan;
  private final Path folder;
  private final ProgressBoard board;
  private final ActorSystem<SearchCommand> system;
  private final CompletableFuture<SearchState> completion = new CompletableFuture<>();

  private RunningSearch(
      SearchPlan plan, Path folder, ProgressBoard board, ActorSystem<SearchCommand> system) {
    this.plan = plan;
    this.folder = folder;
    this.board = board;
    this.system = system;
  }

  /** Begins a search in a folder without a journal. */
  static RunningSearch begin(
      SearchPlan plan,
      Path folder,
      ActorRef<DispatcherCommand> dispatcher,
      String build,
      ArtifactStore store)
      throws JournalException {
    return open(plan, folder, Resumption.NEW_WORKERS, false, dispatcher, build, store);
  }

  /** Goes on with the search in a folder. */
  static RunningSearch resume(
      SearchPlan plan,
      Path folder,
      Resumption resumption,
      ActorRef<DispatcherCommand> dispatcher,
      String build,
      ArtifactStore store)
      throws JournalException {
    return open(plan, folder, resumption, true, dispatcher, build, store);
  }

  private static Duration spent(List<SearchEvent> events) {
    SpentTime spent = new SpentTime();
    events.forEach(spent::note);
    return spent.spent();
  }

  private static RunningSearch open(
      SearchPlan plan,
      Path folder,
      Resumption resumption,
      boolean resumes,
      ActorRef<DispatcherCommand> dispatcher,
      String build,
      ArtifactStore store)
      throws JournalException {
    JournalDatabase database = JournalDatabase.open(folder);
    try {
      List<SearchEvent> events = JournalReader.read(folder);
      check(plan, folder, events, resumes);
      SearchState state = SearchState.of(plan.settings(), events);
      Optional<WeightMerger> weights = weights(plan, store, state);
      ProgressEstimate first =
          new ProgressEstimate(plan.name(), s -> "", System::nanoTime, state, spent(events));
      ProgressBoard board =
          new ProgressBoard(
              new ProgressBoard.Sheet(state, first.of(state, new SearchCommand.Situation(0, 0))));
      SearchSurroundings around =
          new SearchSurroundings(
              dispatcher,
              board,
              resumption,
              build,
              System::nanoTime,
              System::currentTimeMillis,
              weights);
      RunningSearch search =
          new RunningSearch(
              plan,
              folder,
              board,
              ActorSystem.create(SearchActor.of(plan, around), "search", database.akkaConfig()));
      search.closeWhenOver(database, weights, dispatcher);
      return search;
    } catch (JournalException | RuntimeException e) {
      try {
        database.close();
      } catch (SQLException close) {
        e.addSuppressed(close);
      }
      throw e;
    }
  }

  private static void check(SearchPlan plan, Path folder, List<SearchEvent> events, boolean resumes)
      throws JournalException {
    if (events.isEmpty() == resumes) {
      throw new JournalException(
          resumes
              ? folder + " holds no search to resume"
              : folder + " holds a search already; resume it or choose another folder");
    }
    if (resumes && events.get(0) instanceof SearchEvent.Started started) {
      if (!started.data().equals(plan.data())) {
        throw new JournalException(
            "the data of %s is no longer what the search began with: %s then, %s now"
                .formatted(folder, started.data(), plan.data()));
      }
      if (!started.spaceYaml().equals(plan.space().yaml())) {
        throw new JournalException(
            "the space of " + folder + " is no longer what the search began with");
      }
    }
  }

  private static Optional<WeightMerger> weights(
      SearchPlan plan, ArtifactStore store, SearchState state) throws JournalException {
    if (plan.sharing().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new WeightMerger(
              SharedWeights.open(store, plan.name(), plan.settings().seed(), state.sharing())));
    } catch (IOException e) {
      throw new JournalException(
          "the shared weights of %s cannot be read: %s".formatted(plan.name(), e.getMessage()), e);
    }
  }

  private void closeWhenOver(
      JournalDatabase database,
      Optional<WeightMerger> weights,
      ActorRef<DispatcherCommand> dispatcher) {
    system
        .getWhenTerminated()
        .whenComplete(
            (done, failure) -> {
              dispatcher.tell(
                  new DispatcherCommand.SearchClosed(plan.name(), "the search was suspended"));
              weights.ifPresent(WeightMerger::close);
              try {
                database.close();
              } catch (SQLException e) {
                completion.completeExceptionally(e);
                return;
              }
              CompletableFuture<SearchState> unused =
                  board
                      .over()
                      .whenComplete(
                          (state, defect) -> {
                            if (defect == null) {
                              completion.complete(state);
                            } else {
                              completion.completeExceptionally(defect);
                            }
                          });
              // neither over nor defect: it was suspended
              completion.completeExceptionally(
                  new SearchSuspendedException(
                      "search %s was suspended; resume it from %s".formatted(plan.name(), folder)));
            });
  }

  /** Ends the actor and closes the journal as it is. */
  void suspend() {
    system.tell(new SearchCommand.Stop());
  }

  @Override
  public String name() {
    return plan.name();
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public SearchProgress progress() {
    return board.sheet().progress();
  }

  @Override
  public SearchState state() {
    return board.sheet().state();
  }

  @Override
  public void onProgress(Consumer<SearchProgress> listener) {
    board.listen(listener);
  }

  @Override
  public CompletableFuture<SearchState> completion() {
    return completion.copy();
  }

  @Override
  public void cancel() {
    system.tell(new SearchCommand.Cancel());
  }
}
