package io.skyline.coordinator.controller;

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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Turns the state of a search into its next events: proposals, rejections, and its end.
 *
 * <p>Steps count proposals from 1, trials those that pass the gate. In deterministic order, before
 * trial t is proposed, the controller has observed exactly the outcomes of the trials up to t -
 * lookahead, in order, however many are known; a rejection is observed at once, for it is a pure
 * function of the genome. In order of arrival it has observed all that is known.
 *
 * <p>What earlier runs found out the controller learns before step 1, as outcomes of step 0; those
 * of them that are to be trained again are the first proposals, and their outcomes are not learned
 * a second time.
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
  private final Gate gate;

  /** By step from 1. */
  private final List<Genome> genomes = new ArrayList<>();

  /** Those that the controller has not observed, oldest first. */
  private final Map<Long, Genome> pending = new LinkedHashMap<>();

  private final Set<String> texts = new HashSet<>();

  /** Genomes of earlier runs that are to be trained again, by step from 1. */
  private final List<Genome> again = new ArrayList<>();

  private boolean told;

  /** Trials that were scored and are observed, by genome: those that may be parents. */
  private final Map<String, Integer> observedScored = new HashMap<>();

  /** The trials proposed so far, and in deterministic order the first ones that are observed. */
  private int trials;

  private int observedTrials;
  private int observedArrivals;

  /**
   * @param controller fresh: this proposer feeds it
   */
  public Proposer(SearchSpace space, Controller controller, Gate gate) {
    this.space = space;
    this.controller = controller;
    this.gate = gate;
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
    if (!state.canPropose()) {
      return Optional.empty();
    }
    if (state.rejectionsInRow() >= PATIENCE) {
      String reason = "%,d proposals in a row broke a constraint".formatted(PATIENCE);
      return Optional.of(new SearchEvent.NoMoreProposals(reason, atMillis));
    }
    return Optional.of(propose(state, atMillis));
  }

  private static String ending(SearchState state) {
    return state
        .closed()
        .orElse(state.frontier().members().isEmpty() ? "no trial kept every constraint" : "");
  }

  private SearchEvent propose(SearchState state, long atMillis) {
    catchUp(state);
    long step = state.steps().size() + 1L;
    boolean repeats = isAgain(step);
    Proposal proposal =
        repeats
            ? new Proposal(again.get((int) step - 1))
            : controller.propose(step, new Pending(List.copyOf(pending.values())));
    Genome genome = proposal.genome();
    if (!repeats && texts.contains(genome.text())) {
      // controllers repeat themselves only when there is nothing else
      String reason = "all %,d genomes of space '%s' were tried";
      return new SearchEvent.NoMoreProposals(
          reason.formatted(texts.size(), space.name()), atMillis);
    }
    if (gate.judge(genome) instanceof Gate.Infeasible infeasible) {
      return new SearchEvent.Rejected(step, genome.text(), infeasible.exact(), infeasible.reason());
    }
    int parent =
        proposal.parent().map(other -> observedScored.getOrDefault(other.text(), 0)).orElse(0);
    return new SearchEvent.Proposed(
        step, state.trials().size() + 1, genome.text(), parent, atMillis);
  }

  /** Feeds the controller all that the next proposal may depend on. */
  private void catchUp(SearchState state) {
    tell(state);
    boolean deterministic = state.settings().order() == SearchSettings.Order.DETERMINISTIC;
    while (genomes.size() < state.steps().size()) {
      if (deterministic) {
        observeUpTo(trials + 1 - state.settings().lookahead(), state);
      }
      SearchEvent step = state.steps().get(genomes.size());
      if (step instanceof SearchEvent.Rejected rejected) {
        add(rejected.genome());
        if (deterministic) {
          observe(infeasible(rejected));
        }
      } else if (step instanceof SearchEvent.Proposed proposed) {
        add(proposed.genome());
        trials++;
      }
    }
    if (deterministic) {
      observeUpTo(trials + 1 - state.settings().lookahead(), state);
    } else {
      observeArrivals(state);
    }
  }

  private void tell(SearchState state) {
    if (told) {
      return;
    }
    told = true;
    for (SearchEvent.Learned earlier : state.learned()) {
      Genome genome = space.parse(earlier.genome());
      texts.add(genome.text());
      if (earlier.again()) {
        again.add(genome);
      }
      controller.observe(
          earlier
              .failure()
              .<Outcome>map(why -> new Outcome.Failed(0, genome, why.kind(), why.reason()))
              .orElseGet(() -> new Outcome.Scored(0, genome, earlier.scorecard())));
    }
  }

  private boolean isAgain(long step) {
    return step <= again.size();
  }

  private void add(String text) {
    genomes.add(space.parse(text));
    if (!isAgain(genomes.size())) {
      pending.put((long) genomes.size(), genomes.get(genomes.size() - 1));
    }
    texts.add(text);
  }

  private void observeUpTo(int trial, SearchState state) {
    while (observedTrials < trial) {
      observedTrials++;
      observe(outcome(state.trials().get(observedTrials - 1)));
    }
  }

  private void observeArrivals(SearchState state) {
    while (observedArrivals < state.arrivals().size()) {
      int index = Math.toIntExact(state.arrivals().get(observedArrivals) - 1);
      observedArrivals++;
      SearchEvent step = state.steps().get(index);
      if (step instanceof SearchEvent.Rejected rejected) {
        observe(infeasible(rejected));
      } else if (step instanceof SearchEvent.Proposed proposed) {
        observe(outcome(state.trials().get(proposed.trial() - 1)));
      }
    }
  }

  private void observe(Outcome outcome) {
    pending.remove(outcome.step());
    if (!isAgain(outcome.step())) {
      controller.observe(outcome);
    }
  }

  private Outcome infeasible(SearchEvent.Rejected event) {
    return new Outcome.Infeasible(
        event.step(), genome(event.step()), event.exact(), event.reason());
  }

  private Outcome outcome(Trial trial) {
    Genome genome = genome(trial.step());
    if (trial.status() == Trial.Status.SCORED) {
      observedScored.put(genome.text(), trial.number());
    }
    return switch (trial.status()) {
      case SCORED -> new Outcome.Scored(trial.step(), genome, trial.trained());
      case FAILED ->
          new Outcome.Failed(
              trial.step(),
              genome,
              trial.failure().orElseThrow().kind(),
              trial.failure().orElseThrow().reason());
      case STOPPED -> new Outcome.Stopped(trial.step(), genome);
      case OPEN -> throw new IllegalStateException("trial " + trial.number() + " has not ended");
    };
  }

  private Genome genome(long step) {
    return genomes.get(Math.toIntExact(step - 1));
  }
}
