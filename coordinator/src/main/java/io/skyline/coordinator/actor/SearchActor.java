package io.skyline.coordinator.actor;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.SupervisorStrategy;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.japi.function.Procedure;
import akka.persistence.typed.PersistenceId;
import akka.persistence.typed.RecoveryCompleted;
import akka.persistence.typed.javadsl.CommandHandler;
import akka.persistence.typed.javadsl.Effect;
import akka.persistence.typed.javadsl.EventHandler;
import akka.persistence.typed.javadsl.EventSourcedBehavior;
import akka.persistence.typed.javadsl.SignalHandler;
import io.skyline.coordinator.controller.Proposer;
import io.skyline.coordinator.journal.JournalDatabase;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Sharing;
import io.skyline.coordinator.sharing.WeightMerger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One search: turns commands into events, journals them, and only then acts on them.
 *
 * <p>What may follow from a state is decided by {@link SearchState}, {@link Proposer} and {@link
 * SearchDecisions}; this actor adds the journal, the clock and the messages. After a crash it folds
 * the journal, starts the leases afresh and goes on.
 */
final class SearchActor extends EventSourcedBehavior<SearchCommand, SearchEvent, SearchState> {
  private final ActorContext<SearchCommand> context;
  private final TimerScheduler<SearchCommand> timers;
  private final SearchPlan plan;
  private final SearchSurroundings around;
  private final SearchDecisions decisions;
  private final Merging merging;
  private SpentTime spent = new SpentTime();
  private Proposer proposer;
  private ProgressEstimate estimate;
  private SearchCommand.Situation situation = new SearchCommand.Situation(0, 0);
  private boolean resumed;

  private SearchActor(
      ActorContext<SearchCommand> context,
      TimerScheduler<SearchCommand> timers,
      SearchPlan plan,
      SearchSurroundings around) {
    super(
        PersistenceId.ofUniqueId(JournalDatabase.PERSISTENCE_ID),
        SupervisorStrategy.restartWithBackoff(Duration.ofMillis(500), Duration.ofSeconds(15), 0.1));
    this.context = context;
    this.timers = timers;
    this.plan = plan;
    this.around = around;
    this.decisions =
        new SearchDecisions(
            plan, around.weights().map(WeightMerger::weights), around.build(), around.wallMillis());
    this.merging = new Merging(context, timers, plan, around.weights());
    this.proposer = plan.proposer();
    this.estimate = estimate(SearchState.initial(plan.settings()));
  }

  /** The search of a plan on the journal of its actor system. */
  static Behavior<SearchCommand> of(SearchPlan plan, SearchSurroundings around) {
    return Behaviors.setup(
        context -> Behaviors.withTimers(timers -> new SearchActor(context, timers, plan, around)));
  }

  @Override
  public SearchState emptyState() {
    spent = new SpentTime();
    return SearchState.initial(plan.settings());
  }

  @Override
  public EventHandler<SearchState, SearchEvent> eventHandler() {
    return (state, event) -> {
      spent.note(event);
      return state.apply(event);
    };
  }

  @Override
  public SignalHandler<SearchState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.instance(), this::recovered)
        .build();
  }

  private void recovered(SearchState state) {
    // whatever was proposed and not journalled before a failure is forgotten with the old one
    proposer = plan.proposer();
    estimate = estimate(state);
    merging.forget();
    context.getSelf().tell(new SearchCommand.Begin());
  }

  private ProgressEstimate estimate(SearchState state) {
    return new ProgressEstimate(
        plan.name(), decisions::needs, around.nanos(), state, spent.spent());
  }

  @Override
  public CommandHandler<SearchCommand, SearchEvent, SearchState> commandHandler() {
    var handler =
        newCommandHandlerBuilder()
            .forAnyState()
            .onCommand(SearchCommand.Begin.class, (state, command) -> begin(state))
            .onCommand(SearchCommand.Advance.class, (state, command) -> record(state, List.of()))
            .onCommand(SearchCommand.Lease.class, this::lease)
            .onCommand(SearchCommand.Report.class, this::report)
            .onCommand(
                SearchCommand.LeaseLost.class,
                (state, lost) -> record(state, decisions.lost(state, lost)))
            .onCommand(SearchCommand.Situation.class, this::situation)
            .onCommand(SearchCommand.Merged.class, this::merged)
            .onCommand(
                SearchCommand.MergeFailed.class,
                (state, failed) -> quietly(() -> merging.failed(failed)))
            .onCommand(
                SearchCommand.MergeAgain.class,
                (state, command) -> quietly(() -> merging.advance(state)))
            .onCommand(
                SearchCommand.TimeOver.class,
                (state, command) -> record(state, decisions.timeOver(state)))
            .onCommand(
                SearchCommand.Cancel.class,
                (state, command) -> record(state, decisions.cancelled(state)))
            .onCommand(SearchCommand.Stop.class, (state, command) -> Effect().stop())
            .build();
    return (state, command) -> aloud(() -> handler.apply(state, command));
  }

  /** Lets whoever waits for the search hear of a defect, which ends this actor. */
  private <T> T aloud(Supplier<T> action) {
    try {
      return action.get();
    } catch (RuntimeException defect) {
      around.board().fail(defect);
      throw defect;
    }
  }

  private Effect<SearchEvent, SearchState> begin(SearchState state) {
    List<SearchEvent> events =
        resumed ? List.of() : decisions.begun(state, around.resumption(), around.build());
    return record(
        state,
        events,
        true,
        after -> {
          resumed = true; // only now: a failed write is tried again
          around
              .dispatcher()
              .tell(
                  new DispatcherCommand.SearchOpened(
                      plan.name(),
                      context.getSelf(),
                      decisions.workerNeeds(after),
                      after.leases()));
          plan.settings()
              .budget()
              .time()
              .ifPresent(
                  time ->
                      timers.startSingleTimer(
                          new SearchCommand.TimeOver(), positive(time.minus(spent.spent()))));
        });
  }

  private Effect<SearchEvent, SearchState> merged(SearchState state, SearchCommand.Merged command) {
    if (command.step() != state.sharing().merged() + 1) {
      return Effect().none();
    }
    Optional<Artifact> update = state.sharing().mergeable().flatMap(Sharing.Path::update);
    long now = around.wallMillis().getAsLong();
    return record(
        state,
        List.of(new SearchEvent.WeightsMerged(command.step(), command.index(), now)),
        after -> merging.collect(after, update));
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  private Effect<SearchEvent, SearchState> lease(SearchState state, SearchCommand.Lease request) {
    SearchDecisions.Grant grant = decisions.grant(state, request);
    return record(
        state,
        grant.events(),
        after ->
            around
                .dispatcher()
                .tell(
                    new DispatcherCommand.Granted(
                        request.request(), plan.name(), request.worker(), grant.assignments())));
  }

  private Effect<SearchEvent, SearchState> report(SearchState state, SearchCommand.Report command) {
    LeaseId lease = command.lease();
    if (!state.isKnown(lease.task())) {
      deliver(command.worker(), new CoordinatorSignal.CancelTask(lease, "no such task"));
      return Effect().none();
    }
    return record(
        state,
        decisions.reported(state, lease, command.result()),
        after -> deliver(command.worker(), new CoordinatorSignal.Acknowledged(lease)));
  }

  private static void deliver(ActorRef<SessionCommand> worker, CoordinatorSignal signal) {
    worker.tell(new SessionCommand.Deliver(signal));
  }

  private Effect<SearchEvent, SearchState> situation(
      SearchState state, SearchCommand.Situation now) {
    situation = now;
    return quietly(() -> pin(state));
  }

  private Effect<SearchEvent, SearchState> quietly(Runnable action) {
    action.run();
    return Effect().none();
  }

  private Effect<SearchEvent, SearchState> record(SearchState state, List<SearchEvent> events) {
    return record(state, events, after -> {});
  }

  private Effect<SearchEvent, SearchState> record(
      SearchState state, List<SearchEvent> events, Consumer<SearchState> act) {
    return record(state, events, false, act);
  }

  /**
   * Journals events with all that follow from them, then acts, announces what is new, and ends if
   * the search is over.
   *
   * @param opening whether to announce where the search stands even if nothing is new
   */
  private Effect<SearchEvent, SearchState> record(
      SearchState state, List<SearchEvent> events, boolean opening, Consumer<SearchState> act) {
    List<SearchEvent> all = new ArrayList<>(events);
    SearchState after = state;
    boolean more = false;
    for (SearchEvent event : events) {
      after = after.apply(event);
    }
    if (after.started().isPresent()) {
      List<SearchEvent> following = proposer.advance(after, around.wallMillis().getAsLong());
      for (SearchEvent event : following) {
        after = after.apply(event);
      }
      all.addAll(following);
      more = !following.isEmpty();
    }
    boolean over = after.phase() == Phase.ENDED || after.phase() == Phase.CANCELLED;
    boolean goesOn = more && !over;
    Procedure<SearchState> then =
        journalled ->
            aloud(
                () -> {
                  act.accept(journalled);
                  if (opening || !all.isEmpty()) {
                    announce(journalled, all);
                  }
                  if (goesOn) {
                    context.getSelf().tell(new SearchCommand.Advance());
                  }
                  return journalled;
                });
    var effect =
        all.isEmpty() ? Effect().none().thenRun(then) : Effect().persist(all).thenRun(then);
    return over ? effect.thenStop() : effect;
  }

  private void announce(SearchState state, List<SearchEvent> events) {
    merging.advance(state);
    decisions.announcements(events).forEach(around.dispatcher()::tell);
    decisions.remember(state, events);
    pin(state);
    if (state.phase() == Phase.ENDED || state.phase() == Phase.CANCELLED) {
      String reason =
          state.phase() == Phase.ENDED ? "the search is over" : "the search was cancelled";
      around.dispatcher().tell(new DispatcherCommand.SearchClosed(plan.name(), reason));
      around.board().conclude(state);
    } else {
      around
          .dispatcher()
          .tell(new DispatcherCommand.WorkAvailable(plan.name(), !state.openTasks().isEmpty()));
    }
  }

  private void pin(SearchState state) {
    around.board().pin(new ProgressBoard.Sheet(state, estimate.of(state, situation)));
  }
}
