package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.EmptyFrontier;
import io.skyline.coordinator.search.Outcome;
import io.skyline.coordinator.search.Phase;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.coordinator.search.Trial;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Turns the state of a search into its next events: proposals, rejections, and its end.
 *
 * <p>Steps count proposals from 1, and with {@link io.skyline.coordinator.search.Halving} also
 * promotions; trials those proposals that pass the gate. In deterministic order, before training t
 * is given out, the controller has observed exactly the outcomes of the trainings up to t -
 * lookahead, in order, however many are known; a rejection is observed at once, for it is a pure
 * function of the genome. In order of arrival it has observed all that is known.
 *
 * <p>What earlier runs found out the controller learns before step 1, as outcomes of step 0; those
 * of them that are to be trained again are the first proposals, and their outcomes are not learned
 * a second time.
 *
 * <p>A promotion goes before a new trial. With neither left to do a step idles, so that the next
 * one may know more: of rungs that were reached, of trials that were screened out and use up no
 * budget. Once all is known and nothing is to be promoted, what is paused is retired.
 *
 * <p>A fresh proposer given the state of a running search feeds its controller the same outcomes in
 * the same order, and then proposes as the old one would have. Not safe for use by several threads.
 */
public final class Proposer {
  /** So many rejections in a row end the proposing. */
  public static final int PATIENCE = 1_000;

  /** At most so many events at once, so that a batch stays small. */
  private static final int BATCH = 256;

  private final SearchSpace space;
  private final Controller controller;
  private final Lessons lessons;
  private final Gate gate;
  private final Optional<SharingProposer> sharing;

  /**
   * @param controller fresh: this proposer feeds it
   */
  public Proposer(SearchSpace space, Controller controller, Gate gate) {
    this.space = space;
    this.controller = controller;
    this.lessons = new Lessons(space, controller);
    this.gate = gate;
    this.sharing = Optional.empty();
  }

  /**
   * The proposer of a search with shared weights, whose trials are the best of the candidates that
   * are scored with them.
   */
  public Proposer(SearchSpace space, SharingProposer sharing, Gate gate) {
    this.space = space;
    this.controller = new Derived();
    this.lessons = new Lessons(space, controller);
    this.gate = gate;
    this.sharing = Optional.of(sharing);
  }

  /** Proposes the ranked candidates, one a step. */
  private final class Derived implements Controller {
    private List<Genome> ranking = List.of();

    @Override
    public Proposal propose(long step, Pending pending) {
      return new Proposal(ranking.get(Math.toIntExact(step - 1)));
    }

    @Override
    public void observe(Outcome outcome) {}
  }

  /**
   * The events that are due in a state; the caller journals them all, in order, and calls again
   * with the state after them until none is due.
   *
   * @param state never older than the one after the last events given
   * @param atMillis the events' time, for people only
   */
  public List<SearchEvent> advance(SearchState state, long atMillis) {
    List<SearchEvent> events = new ArrayList<>();
    SearchState now = state;
    while (events.size() < BATCH) {
      Optional<SearchEvent> next = next(now, atMillis);
      if (next.isEmpty()) {
        break;
      }
      events.add(next.get());
      now = now.apply(next.get());
    }
    return events;
  }

  private Optional<SearchEvent> next(SearchState state, long atMillis) {
    if (state.phase() == Phase.FINISHED) {
      return Optional.of(new SearchEvent.Ended(ending(state), atMillis));
    }
    if (!state.overdue().isEmpty()) {
      TaskId task = state.overdue().get(0);
      return Optional.of(new SearchEvent.Stopped(task, "the search's time is over", atMillis));
    }
    if (sharing.isPresent() && state.isSharing()) {
      return sharing.get().next(state, atMillis);
    }
    if (!state.canStep()) {
      return Optional.empty();
    }
    if (controller instanceof Derived derived) {
      derived.ranking = sharing.orElseThrow().ranking(state);
      if (state.mayPropose() && state.steps().size() >= derived.ranking.size()) {
        String reason = "all %,d candidates that shared weights could score were tried";
        return Optional.of(
            new SearchEvent.NoMoreProposals(reason.formatted(derived.ranking.size()), atMillis));
      }
    }
    if (state.mayPropose() && state.rejectionsInRow() >= PATIENCE) {
      String reason = "%,d proposals in a row broke a constraint".formatted(PATIENCE);
      return Optional.of(new SearchEvent.NoMoreProposals(reason, atMillis));
    }
    return step(state, atMillis);
  }

  private Optional<SearchEvent> step(SearchState state, long atMillis) {
    lessons.catchUp(state);
    long step = state.steps().size() + 1L;
    if (!state.timeExpired()) {
      Optional<Promotions.Promotion> due =
          lessons
              .promotions()
              .flatMap(all -> all.next(trial -> status(state, trial) == Trial.Status.PAUSED));
      if (due.isPresent()) {
        int trial = due.get().trial();
        int round = state.trials().get(trial - 1).ladder().rungs().size() + 1;
        TaskId task = new TaskId(TaskId.Kind.TRAIN, trial, round);
        return Optional.of(new SearchEvent.Promoted(step, task, due.get().epochs(), atMillis));
      }
    }
    if (state.mayPropose()) {
      return Optional.of(propose(state, step, atMillis));
    }
    if (knowsAll(state)) {
      return Optional.of(new SearchEvent.Retired(step, atMillis));
    }
    return isDeterministic(state)
        ? Optional.of(new SearchEvent.Idled(step, atMillis))
        : Optional.empty();
  }

  private static Trial.Status status(SearchState state, int trial) {
    return state.trials().get(trial - 1).status();
  }

  /** Whether no outcome is to come, or to be observed. */
  private boolean knowsAll(SearchState state) {
    if (state.timeExpired() || !isDeterministic(state)) {
      return !state.isBusy();
    }
    return lessons.areComplete();
  }

  static boolean isDeterministic(SearchState state) {
    return state.settings().order() == SearchSettings.Order.DETERMINISTIC;
  }

  private static String ending(SearchState state) {
    return state
        .closed()
        .orElse(state.frontier().members().isEmpty() ? EmptyFrontier.reason(state) : "");
  }

  private SearchEvent propose(SearchState state, long step, long atMillis) {
    Optional<Genome> again = lessons.again(step);
    Proposal proposal =
        again.map(Proposal::new).orElseGet(() -> controller.propose(step, lessons.pending()));
    Genome genome = proposal.genome();
    if (again.isEmpty() && lessons.wasTried(genome)) {
      // controllers repeat themselves only when there is nothing else
      String reason = "all %,d genomes of space '%s' were tried";
      return new SearchEvent.NoMoreProposals(
          reason.formatted(lessons.tried(), space.name()), atMillis);
    }
    if (gate.judge(genome) instanceof Gate.Infeasible infeasible) {
      return new SearchEvent.Rejected(step, genome.text(), infeasible.exact(), infeasible.reason());
    }
    int epochs = lessons.promotions().map(Promotions::first).orElse(0);
    int parent = proposal.parent().map(lessons::scoredTrial).orElse(0);
    return new SearchEvent.Proposed(
        step, state.trials().size() + 1, genome.text(), epochs, parent, atMillis);
  }
}
