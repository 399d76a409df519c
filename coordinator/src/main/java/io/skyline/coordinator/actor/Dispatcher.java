package io.skyline.coordinator.actor;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import io.skyline.coordinator.search.Lease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

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
  private final LongSupplier nanos;
  private final long term;
  private final long begunNanos;
  private final Map<String, WorkerEntry> workers = new LinkedHashMap<>();
  private final Map<String, SearchEntry> searches = new LinkedHashMap<>();
  private final Map<Long, Asked> asked = new LinkedHashMap<>();
  private final LeaseTable leases;
  private long requests;

  /** A question to a search that it has not answered. */
  private record Asked(String worker, int slots, long sinceNanos) {}

  private Dispatcher(
      ActorContext<DispatcherCommand> context,
      DispatchSettings settings,
      LongSupplier nanos,
      long term) {
    super(context);
    this.settings = settings;
    this.nanos = nanos;
    this.term = term;
    this.begunNanos = nanos.getAsLong();
    this.leases = new LeaseTable(settings.lease().toNanos());
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

  // ---- searches

  private Behavior<DispatcherCommand> searchOpened(DispatcherCommand.SearchOpened opened) {
    searches.put(opened.search(), new SearchEntry(opened.search(), opened.actor(), opened.needs()));
    leases.ofSearch(opened.search()).forEach(this::forget);
    for (Lease lease : opened.running()) {
      begin(new LeaseId(opened.search(), lease.task(), lease.attempt()), lease.worker());
    }
    tellSituation();
    return this;
  }

  private Behavior<DispatcherCommand> searchBound(DispatcherCommand.SearchBound bound) {
    SearchEntry search = searches.get(bound.search());
    if (search != null) {
      search.needs =
          new DispatcherCommand.WorkerNeeds(
              search.needs.engine(), true, Optional.of(bound.fingerprint()));
      tellSituation();
    }
    return this;
  }

  private Behavior<DispatcherCommand> workAvailable(DispatcherCommand.WorkAvailable news) {
    SearchEntry search = searches.get(news.search());
    if (search != null) {
      search.waiting = news.waiting();
      workers.values().forEach(worker -> worker.declined.remove(news.search()));
      match();
    }
    return this;
  }

  private Behavior<DispatcherCommand> searchClosed(DispatcherCommand.SearchClosed closed) {
    searches.remove(closed.search());
    for (LeaseId lease : leases.ofSearch(closed.search())) {
      cancel(lease, closed.reason());
    }
    match();
    return this;
  }

  private Behavior<DispatcherCommand> taskOver(DispatcherCommand.TaskOver over) {
    for (LeaseId lease : leases.of(over.search(), over.task())) {
      if (lease.attempt() == over.attempt()) {
        forget(lease);
      } else {
        cancel(lease, "another attempt was first");
      }
    }
    match();
    return this;
  }

  private Behavior<DispatcherCommand> leaseOver(DispatcherCommand.LeaseOver over) {
    forget(over.lease());
    return this;
  }

  private void begin(LeaseId lease, String worker) {
    leases.start(lease, worker, nanos.getAsLong());
    WorkerEntry holder = workers.get(worker);
    if (holder != null) {
      holder.leases.add(lease);
    }
  }

  private void forget(LeaseId lease) {
    WorkerEntry holder = workers.get(String.valueOf(leases.holder(lease)));
    if (holder != null) {
      holder.leases.remove(lease);
    }
    leases.end(lease);
  }

  private void cancel(LeaseId lease, String reason) {
    WorkerEntry holder = workers.get(String.valueOf(leases.holder(lease)));
    if (holder != null) {
      holder.tell(new CoordinatorSignal.CancelTask(lease, reason));
    }
    forget(lease);
  }

  /** Ends a lease through no fault of the candidate and lets its search lease the task again. */
  private void lose(LeaseId lease, String reason) {
    forget(lease);
    SearchEntry search = searches.get(lease.search());
    if (search != null) {
      search.actor.tell(new SearchCommand.LeaseLost(lease.task(), lease.attempt(), reason));
    }
  }

  // ---- slots for tasks

  /** Asks searches for work on behalf of free slots: each search in turn, each worker in turn. */
  private void match() {
    for (WorkerEntry worker : workers.values()) {
      List<SearchEntry> open = open(worker);
      while (worker.free() > 0 && !open.isEmpty()) {
        SearchEntry search = open.remove(0);
        int slots = Math.max(1, worker.free() / (open.size() + 1));
        ask(search, worker, slots);
      }
    }
  }

  private List<SearchEntry> open(WorkerEntry worker) {
    List<SearchEntry> open = new ArrayList<>();
    if (worker.free() > 0) {
      for (SearchEntry search : searches.values()) {
        if (search.waiting && search.takes(worker) && !worker.declined.contains(search.name)) {
          open.add(search);
        }
      }
    }
    return open;
  }

  private void ask(SearchEntry search, WorkerEntry worker, int slots) {
    requests++;
    asked.put(requests, new Asked(worker.id(), slots, nanos.getAsLong()));
    worker.asked += slots;
    Set<String> others =
        workers.values().stream()
            .filter(other -> other != worker && other.present() && search.takes(other))
            .map(WorkerEntry::id)
            .collect(Collectors.toSet());
    search.actor.tell(
        new SearchCommand.Lease(
            requests, worker.id(), worker.identity.fingerprint(), slots, others));
    // whoever was asked goes to the end of the row
    searches.remove(search.name);
    searches.put(search.name, search);
  }

  private Behavior<DispatcherCommand> granted(DispatcherCommand.Granted granted) {
    settle(granted.request(), granted.assignments().size(), granted.search());
    WorkerEntry worker = workers.get(granted.worker());
    for (Assignment assignment : granted.assignments()) {
      begin(assignment.lease(), granted.worker());
      if (worker == null || !worker.present()) {
        lose(assignment.lease(), "its worker left before it was sent");
      } else {
        worker.demand--;
        worker.tell(new CoordinatorSignal.Assign(assignment, settings.lease()));
      }
    }
    match();
    return this;
  }

  private void settle(long request, int given, String search) {
    Asked question = asked.remove(request);
    WorkerEntry worker = question == null ? null : workers.get(question.worker());
    if (question != null && worker != null) {
      worker.asked -= question.slots();
      if (given < question.slots()) {
        worker.declined.add(search);
      }
    }
  }

  // ---- workers

  private Behavior<DispatcherCommand> fromWorker(DispatcherCommand.FromWorker message) {
    WorkerSignal signal = message.signal();
    WorkerEntry worker = workers.get(message.worker());
    if (signal instanceof WorkerSignal.Hello hello) {
      hello(hello.worker(), message);
    } else if (worker == null || worker.session != message.session()) {
      message.session().tell(new SessionCommand.Drop("say hello first"));
    } else {
      worker.heardNanos = nanos.getAsLong();
      if (signal instanceof WorkerSignal.Demand demand) {
        worker.demand = Math.max(0, demand.slots());
        match();
      } else if (signal instanceof WorkerSignal.Heartbeat heartbeat) {
        heartbeat.running().forEach(running -> renew(running.lease(), worker));
      } else if (signal instanceof WorkerSignal.Report report) {
        report(report, worker, message);
      } else if (signal instanceof WorkerSignal.GaveBack gaveBack) {
        gaveBack(gaveBack, worker);
      } else if (signal instanceof WorkerSignal.Draining) {
        worker.draining = true;
        tellSituation();
      }
    }
    message.session().tell(new SessionCommand.Next());
    return this;
  }

  private void hello(WorkerIdentity identity, DispatcherCommand.FromWorker message) {
    Optional<String> refusal = refusal(identity);
    if (refusal.isPresent()) {
      message.session().tell(new SessionCommand.Refuse(refusal.get()));
      return;
    }
    WorkerEntry known = workers.get(identity.id());
    if (known != null && known.session != null && known.session != message.session()) {
      known.session.tell(new SessionCommand.Drop("the worker opened another session"));
    }
    WorkerEntry worker = new WorkerEntry(identity, message.session(), nanos.getAsLong());
    worker.asked = known == null ? 0 : known.asked;
    searches.keySet().stream()
        .flatMap(search -> leases.ofSearch(search).stream())
        .filter(lease -> identity.id().equals(leases.holder(lease)))
        .forEach(worker.leases::add);
    workers.put(identity.id(), worker);
    worker.tell(new CoordinatorSignal.Welcome(settings.heartbeat(), term));
    tellSituation();
  }

  private Optional<String> refusal(WorkerIdentity identity) {
    if (workers.size() >= MOST_WORKERS && !workers.containsKey(identity.id())) {
      return Optional.of("this coordinator has " + MOST_WORKERS + " workers, and takes no more");
    }
    if (searches.isEmpty() || searches.values().stream().anyMatch(s -> s.needs.takes(identity))) {
      return Optional.empty();
    }
    SearchEntry search = searches.values().iterator().next();
    return search.needs.refusal(identity).map(why -> "search " + search.name + ": " + why);
  }

  private void renew(LeaseId lease, WorkerEntry worker) {
    if (!leases.renew(lease, worker.id(), nanos.getAsLong())) {
      if (searches.containsKey(lease.search()) || settled()) {
        worker.tell(new CoordinatorSignal.CancelTask(lease, "its lease is over"));
      }
    }
  }

  /** Whether every search that is to be resumed has had the time to open. */
  private boolean settled() {
    return nanos.getAsLong() - begunNanos > settings.lease().toNanos();
  }

  private void report(
      WorkerSignal.Report report, WorkerEntry worker, DispatcherCommand.FromWorker message) {
    SearchEntry search = searches.get(report.lease().search());
    if (search != null) {
      leases.renew(report.lease(), worker.id(), nanos.getAsLong());
      search.actor.tell(
          new SearchCommand.Report(report.lease(), report.result(), message.session()));
    } else if (settled()) {
      worker.tell(new CoordinatorSignal.CancelTask(report.lease(), "its search is not open here"));
    }
  }

  private void gaveBack(WorkerSignal.GaveBack gaveBack, WorkerEntry worker) {
    if (worker.id().equals(leases.holder(gaveBack.lease()))) {
      lose(gaveBack.lease(), "given back: " + gaveBack.reason());
    }
  }

  private Behavior<DispatcherCommand> sessionOver(DispatcherCommand.SessionOver over) {
    WorkerEntry worker = workers.get(over.worker());
    if (worker != null && worker.session == over.session()) {
      worker.session = null;
      if (worker.draining || over.orderly()) {
        remove(worker, "its worker left");
      } else {
        tellSituation();
      }
    }
    return this;
  }

  private void remove(WorkerEntry worker, String reason) {
    workers.remove(worker.id());
    for (LeaseId lease : List.copyOf(worker.leases)) {
      // the entry is gone: its search is told all the same
      lose(lease, reason);
    }
    tellSituation();
  }

  private Behavior<DispatcherCommand> tick() {
    long now = nanos.getAsLong();
    String silence = settings.silence().toMillis() / 1000.0 + " s";
    for (WorkerEntry worker : List.copyOf(workers.values())) {
      if (now - worker.heardNanos > settings.silence().toNanos()) {
        if (worker.session != null) {
          worker.session.tell(new SessionCommand.Drop("not heard for " + silence));
        }
        remove(
            worker, "its worker was lost: not heard for " + settings.silence().toSeconds() + " s");
      }
    }
    for (LeaseId lease : leases.expired(now)) {
      WorkerEntry holder = workers.get(String.valueOf(leases.holder(lease)));
      if (holder != null) {
        holder.tell(new CoordinatorSignal.CancelTask(lease, "its lease ran out"));
      }
      lose(lease, "its lease ran out: no worker named it in time");
    }
    for (Map.Entry<Long, Asked> question : List.copyOf(asked.entrySet())) {
      if (now - question.getValue().sinceNanos() > settings.lease().toNanos()) {
        // its search restarted and lost the question
        settle(question.getKey(), question.getValue().slots(), "");
      }
    }
    match();
    return this;
  }

  // ---- people

  /** Tells each search who is there, and only when that changed. */
  private void tellSituation() {
    List<WorkerEntry> present = workers.values().stream().filter(WorkerEntry::present).toList();
    for (SearchEntry search : searches.values()) {
      int eligible = (int) present.stream().filter(search::takes).count();
      SearchCommand.Situation now = new SearchCommand.Situation(present.size(), eligible);
      if (!now.equals(search.told)) {
        search.told = now;
        search.actor.tell(now);
      }
      // a task may have waited for a worker that is gone
      workers.values().forEach(worker -> worker.declined.remove(search.name));
    }
    match();
  }

  private Behavior<DispatcherCommand> listWorkers(DispatcherCommand.ListWorkers query) {
    query
        .replyTo()
        .tell(
            workers.values().stream()
                .filter(worker -> worker.session != null)
                .map(
                    worker ->
                        new DispatcherCommand.WorkerInfo(
                            worker.id(),
                            worker.identity.host(),
                            worker.identity.slots(),
                            worker.leases.size()))
                .toList());
    return this;
  }

  private Behavior<DispatcherCommand> drainAll(DispatcherCommand.DrainAll drain) {
    workers.values().forEach(worker -> worker.tell(new CoordinatorSignal.Drain(drain.reason())));
    return this;
  }
}
