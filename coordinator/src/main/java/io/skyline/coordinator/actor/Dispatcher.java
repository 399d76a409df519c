package io.skyline.coordinator.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.skyline.coordinator.search.Lease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Knows the workers and the open searches, and brings free slots to waiting tasks.
 *
 * <p>Nothing here is journalled: after a crash workers say hello again and searches bring their
 * leases. A lease begins when its search has journalled it, is renewed by each heartbeat that names
 * it, and ends by a report, by its deadline, or with its worker.
 */
final class Dispatcher extends AbstractBehavior<DispatcherCommand> {
  private static final int MOST_WORKERS = 4096;

  private final DispatchSettings settings;
  private final long term;
  private final long begunNanos;
  private final Roster roster;
  private final Matching matching;

  private Dispatcher(
      ActorContext<DispatcherCommand> context,
      DispatchSettings settings,
      LongSupplier nanos,
      long term) {
    super(context);
    this.settings = settings;
    this.term = term;
    this.begunNanos = nanos.getAsLong();
    this.roster = new Roster(settings, nanos);
    this.matching = new Matching(roster, settings);
  }

  /**
   * @param nanos the monotonic clock
   * @param term the incarnation of this coordinator
   */
  static Behavior<DispatcherCommand> of(DispatchSettings settings, LongSupplier nanos, long term) {
    return Behaviors.setup(
        context ->
            Behaviors.withTimers(
                timers -> {
                  Duration tick = settings.heartbeat().dividedBy(2);
                  timers.startTimerWithFixedDelay(new DispatcherCommand.Tick(), tick);
                  return new Dispatcher(context, settings, nanos, term);
                }));
  }

  @Override
  public Receive<DispatcherCommand> createReceive() {
    return newReceiveBuilder()
        .onMessage(DispatcherCommand.SearchOpened.class, this::searchOpened)
        .onMessage(DispatcherCommand.SearchBound.class, this::searchBound)
        .onMessage(DispatcherCommand.WorkAvailable.class, this::workAvailable)
        .onMessage(DispatcherCommand.SearchClosed.class, this::searchClosed)
        .onMessage(DispatcherCommand.Granted.class, this::granted)
        .onMessage(DispatcherCommand.TaskOver.class, this::taskOver)
        .onMessage(DispatcherCommand.LeaseOver.class, this::leaseOver)
        .onMessage(DispatcherCommand.FromWorker.class, this::fromWorker)
        .onMessage(DispatcherCommand.SessionOver.class, this::sessionOver)
        .onMessage(DispatcherCommand.ListWorkers.class, this::listWorkers)
        .onMessage(DispatcherCommand.DrainAll.class, this::drainAll)
        .onMessage(DispatcherCommand.Tick.class, tick -> tick())
        .build();
  }

  private Behavior<DispatcherCommand> searchOpened(DispatcherCommand.SearchOpened opened) {
    matching.forget(opened.search());
    roster.open(new SearchEntry(opened.search(), opened.actor(), opened.needs()));
    for (Lease lease : opened.running()) {
      roster.begin(new LeaseId(opened.search(), lease.task(), lease.attempt()), lease.worker());
    }
    tellSituation();
    return this;
  }

  private Behavior<DispatcherCommand> searchBound(DispatcherCommand.SearchBound bound) {
    SearchEntry search = roster.search(bound.search());
    if (search != null) {
      search.needs =
          new DispatcherCommand.WorkerNeeds(
              search.needs.engine(), true, Optional.of(bound.fingerprint()));
      tellSituation();
    }
    return this;
  }

  private Behavior<DispatcherCommand> workAvailable(DispatcherCommand.WorkAvailable news) {
    SearchEntry search = roster.search(news.search());
    if (search != null) {
      search.waiting = news.waiting();
      matching.reconsider(news.search());
      matching.match();
    }
    return this;
  }

  private Behavior<DispatcherCommand> searchClosed(DispatcherCommand.SearchClosed closed) {
    roster.close(closed.search(), closed.reason());
    matching.match();
    return this;
  }

  private Behavior<DispatcherCommand> taskOver(DispatcherCommand.TaskOver over) {
    roster.over(over.search(), over.task(), over.attempt());
    matching.match();
    return this;
  }

  private Behavior<DispatcherCommand> leaseOver(DispatcherCommand.LeaseOver over) {
    roster.forget(over.lease());
    return this;
  }

  private Behavior<DispatcherCommand> granted(DispatcherCommand.Granted granted) {
    matching.settle(granted.request(), granted.assignments().size(), granted.search());
    WorkerEntry worker = roster.worker(granted.worker());
    for (Assignment assignment : granted.assignments()) {
      roster.begin(assignment.lease(), granted.worker());
      if (worker == null || !worker.present()) {
        roster.lose(assignment.lease(), "its worker left before it was sent");
      } else {
        worker.demand--;
        worker.tell(new CoordinatorSignal.Assign(assignment, settings.lease()));
      }
    }
    matching.match();
    return this;
  }

  private Behavior<DispatcherCommand> fromWorker(DispatcherCommand.FromWorker message) {
    WorkerSignal signal = message.signal();
    WorkerEntry worker = roster.worker(message.worker());
    if (signal instanceof WorkerSignal.Hello hello) {
      hello(hello.worker(), message);
    } else if (worker == null || worker.session != message.session()) {
      message.session().tell(new SessionCommand.Drop("this session is over; open another"));
    } else {
      worker.heardNanos = roster.now();
      heard(signal, worker, message);
    }
    message.session().tell(new SessionCommand.Next());
    return this;
  }

  private void heard(
      WorkerSignal signal, WorkerEntry worker, DispatcherCommand.FromWorker message) {
    if (signal instanceof WorkerSignal.Demand demand) {
      worker.demand = Math.max(0, demand.slots());
      matching.match();
    } else if (signal instanceof WorkerSignal.Heartbeat heartbeat) {
      heartbeat.running().forEach(running -> renew(running.lease(), worker));
    } else if (signal instanceof WorkerSignal.Report report) {
      report(report, worker, message);
    } else if (signal instanceof WorkerSignal.GaveBack gaveBack) {
      if (roster.holds(worker, gaveBack.lease())) {
        roster.lose(gaveBack.lease(), "given back: " + gaveBack.reason());
      }
    } else if (signal instanceof WorkerSignal.Draining) {
      worker.draining = true;
      tellSituation();
    }
  }

  private void hello(WorkerIdentity identity, DispatcherCommand.FromWorker message) {
    Optional<String> refusal = refusal(identity);
    if (refusal.isPresent()) {
      message.session().tell(new SessionCommand.Refuse(refusal.get()));
      return;
    }
    WorkerEntry worker = new WorkerEntry(identity, message.session(), roster.now());
    WorkerEntry known = roster.worker(identity.id());
    if (known != null) {
      worker.draining = known.draining;
      if (known.session != null && known.session != message.session()) {
        known.session.tell(new SessionCommand.Drop("the worker opened another session"));
      }
    }
    roster.add(worker);
    worker.tell(new CoordinatorSignal.Welcome(settings.heartbeat(), term));
    tellSituation();
  }

  private Optional<String> refusal(WorkerIdentity identity) {
    if (roster.workers().size() >= MOST_WORKERS && roster.worker(identity.id()) == null) {
      return Optional.of("this coordinator has " + MOST_WORKERS + " workers, and takes no more");
    }
    Optional<String> refusal = Optional.empty();
    for (SearchEntry search : roster.searches()) {
      refusal = search.needs.refusal(identity).map(why -> "search " + search.name + ": " + why);
      if (refusal.isEmpty()) {
        break; // one that takes it is enough
      }
    }
    return refusal;
  }

  private void renew(LeaseId lease, WorkerEntry worker) {
    boolean renewed = roster.renew(lease, worker);
    if (!renewed && (roster.search(lease.search()) != null || settled())) {
      worker.tell(new CoordinatorSignal.CancelTask(lease, "its lease is over"));
    }
  }

  /** Whether every search that is to be resumed has had the time to open. */
  private boolean settled() {
    return roster.now() - begunNanos > settings.lease().toNanos();
  }

  private void report(
      WorkerSignal.Report report, WorkerEntry worker, DispatcherCommand.FromWorker message) {
    SearchEntry search = roster.search(report.lease().search());
    if (search != null) {
      roster.renew(report.lease(), worker);
      search.actor.tell(
          new SearchCommand.Report(report.lease(), report.result(), message.session()));
    } else if (settled()) {
      worker.tell(new CoordinatorSignal.CancelTask(report.lease(), "its search is not open here"));
    }
  }

  private Behavior<DispatcherCommand> sessionOver(DispatcherCommand.SessionOver over) {
    WorkerEntry worker = roster.worker(over.worker());
    if (worker != null && worker.session == over.session()) {
      worker.session = null;
      if (worker.draining || over.orderly()) {
        roster.remove(worker, "its worker left");
      }
      tellSituation();
    }
    return this;
  }

  private Behavior<DispatcherCommand> tick() {
    String silence = settings.silence().toMillis() / 1000.0 + " s";
    for (WorkerEntry worker : List.copyOf(roster.workers())) {
      if (roster.now() - worker.heardNanos > settings.silence().toNanos()) {
        if (worker.session != null) {
          worker.session.tell(new SessionCommand.Drop("not heard for " + silence));
        }
        roster.remove(worker, "its worker was lost: not heard for " + silence);
        tellSituation();
      }
    }
    for (LeaseId lease : roster.expired()) {
      roster.cancel(lease, "its lease ran out");
      roster.lose(lease, "its lease ran out: no worker named it in time");
    }
    matching.giveUpOld();
    matching.match();
    return this;
  }

  /** Tells each search who is there, and only when that changed. */
  private void tellSituation() {
    List<WorkerEntry> present = roster.workers().stream().filter(WorkerEntry::present).toList();
    for (SearchEntry search : roster.searches()) {
      int eligible = (int) present.stream().filter(search::takes).count();
      SearchCommand.Situation now = new SearchCommand.Situation(present.size(), eligible);
      if (!now.equals(search.told)) {
        search.told = now;
        search.actor.tell(now);
      }
      // a task may have waited for a worker that is gone
      matching.reconsider(search.name);
    }
    matching.match();
  }

  private Behavior<DispatcherCommand> listWorkers(DispatcherCommand.ListWorkers query) {
    query
        .replyTo()
        .tell(
            roster.workers().stream()
                .filter(worker -> worker.session != null)
                .map(WorkerEntry::info)
                .toList());
    return this;
  }

  private Behavior<DispatcherCommand> drainAll(DispatcherCommand.DrainAll drain) {
    roster.workers().forEach(worker -> worker.tell(new CoordinatorSignal.Drain(drain.reason())));
    return this;
  }
}
