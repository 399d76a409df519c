package io.skyline.coordinator.actor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Brings free slots to waiting tasks by asking searches for work: each search in turn, each worker
 * in turn, and none that has just said no until something changes.
 */
final class Matching {
  private final Roster roster;
  private final long patienceNanos;
  private final Map<Long, Asked> asked = new LinkedHashMap<>();

  /** Slots asked for and not answered, by worker: one that leaves and comes back keeps them. */
  private final Map<String, Integer> askedFor = new HashMap<>();

  private long requests;

  /** A question to a search that it has not answered. */
  private record Asked(String search, String worker, int slots, long sinceNanos) {}

  Matching(Roster roster, DispatchSettings settings) {
    this.roster = roster;
    this.patienceNanos = settings.lease().toNanos();
  }

  void match() {
    for (WorkerEntry worker : roster.workers()) {
      List<SearchEntry> open = open(worker);
      while (free(worker) > 0 && !open.isEmpty()) {
        SearchEntry search = open.remove(0);
        ask(search, worker, Math.max(1, free(worker) / (open.size() + 1)));
      }
    }
  }

  private List<SearchEntry> open(WorkerEntry worker) {
    List<SearchEntry> open = new ArrayList<>();
    if (free(worker) > 0) {
      for (SearchEntry search : roster.searches()) {
        if (search.waiting && search.takes(worker) && !worker.declined.contains(search.name)) {
          open.add(search);
        }
      }
    }
    return open;
  }

  private int free(WorkerEntry worker) {
    return worker.free() - askedFor.getOrDefault(worker.id(), 0);
  }

  private void ask(SearchEntry search, WorkerEntry worker, int slots) {
    requests++;
    asked.put(requests, new Asked(search.name, worker.id(), slots, roster.now()));
    askedFor.merge(worker.id(), slots, Integer::sum);
    Set<String> others =
        roster.workers().stream()
            .filter(other -> other != worker && other.present() && search.takes(other))
            .map(WorkerEntry::id)
            .collect(Collectors.toSet());
    search.actor.tell(
        new SearchCommand.Lease(
            requests, worker.id(), worker.identity.fingerprint(), slots, others));
    roster.toTheEnd(search);
  }

  /** A search has answered; if it gave less than was asked for, it has nothing more. */
  void settle(long request, int given, String search) {
    Asked question = asked.remove(request);
    if (question == null) {
      return;
    }
    askedFor.computeIfPresent(
        question.worker(),
        (id, slots) -> slots == question.slots() ? null : slots - question.slots());
    WorkerEntry worker = roster.worker(question.worker());
    if (worker != null && given < question.slots()) {
      worker.declined.add(search);
    }
  }

  /** Something changed with a search: it is worth asking again. */
  void reconsider(String search) {
    roster.workers().forEach(worker -> worker.declined.remove(search));
  }

  /** A search was opened again: it knows nothing of what it was asked before. */
  void forget(String search) {
    giveUp(question -> question.search().equals(search));
  }

  /** Gives up questions whose answer got lost. */
  void giveUpOld() {
    giveUp(question -> roster.now() - question.sinceNanos() > patienceNanos);
  }

  private void giveUp(Predicate<Asked> which) {
    for (Map.Entry<Long, Asked> question : List.copyOf(asked.entrySet())) {
      if (which.test(question.getValue())) {
        settle(question.getKey(), question.getValue().slots(), question.getValue().search());
      }
    }
  }
}
