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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
  private final Gate gate;
  private final Optional<SharingProposer> sharing;

  /** By trial from 1. */
  private final List<Genome> genomes = new ArrayList<>();

  /** The steps that train, or idle. */
  private final List<SearchEvent> trainings = new ArrayList<>();

  /** Made once settings and goals are seen, if they ask for it. */
  private @Nullable SuccessiveHalving halving;

  /** Those that the controller has not observed, oldest first. */
  private final Map<Long, Genome> pending = new LinkedHashMap<>();

  private final Set<String> texts = new HashSet<>();

  /** Genomes of earlier runs that are to be trained again, by step from 1. */
  private final List<Genome> again = new ArrayList<>();

  private boolean told;
  private int steps;

  /** In deterministic order the first trainings that are observed. */
  private int observed;

  /** Trials that were scored and are observed, by genome: those that may be parents. */
  private final Map<String, Integer> observedScored = new HashMap<>();

  private int observedArrivals;

  /**
   * @param controller fresh: this proposer feeds it
   */
  public Proposer(SearchSpace space, Controller controller, Gate gate) {
    this.space = space;
    this.controller = controller;
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
    catchUp(state);
    long step = steps + 1L;
    if (halving != null && !state.timeExpired()) {
      Optional<Promotions.Promotion> due =
          halving.promotions().next(trial -> status(state, trial) == Trial.Status.PAUSED);
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
    return trainings.subList(observed, trainings.size()).stream()
        .allMatch(SearchEvent.Idled.class::isInstance);
  }

  private static boolean isDeterministic(SearchState state) {
    return state.settings().order() == SearchSettings.Order.DETERMINISTIC;
  }

  private static String ending(SearchState state) {
    return state
        .closed()
        .orElse(state.frontier().members().isEmpty() ? EmptyFrontier.reason(state) : "");
  }

  private SearchEvent propose(SearchState state, long step, long atMillis) {
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
    int epochs = halving == null ? 0 : halving.promotions().first();
    int parent =
        proposal.parent().map(other -> observedScored.getOrDefault(other.text(), 0)).orElse(0);
    return new SearchEvent.Proposed(
        step, state.trials().size() + 1, genome.text(), epochs, parent, atMillis);
  }

  /** Feeds the controller all that the next step may depend on. */
  private void catchUp(SearchState state) {
    tell(state);
    if (halving == null && state.settings().halving().isPresent()) {
      halving =
          new SuccessiveHalving(
              state.settings().halving().get(), state.settings().goals(), controller);
    }
    boolean deterministic = isDeterministic(state);
    while (steps < state.steps().size()) {
      if (deterministic) {
        observeUpTo(trainings.size() + 1 - state.settings().lookahead(), state);
      }
      take(state.steps().get(steps), deterministic);
    }
    if (deterministic) {
      observeUpTo(trainings.size() + 1 - state.settings().lookahead(), state);
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

  private void take(SearchEvent event, boolean deterministic) {
    steps++;
    if (event instanceof SearchEvent.Rejected rejected) {
      pending.put(rejected.step(), space.parse(rejected.genome()));
      texts.add(rejected.genome());
      if (deterministic) {
        observe(rejected);
      }
    } else if (event instanceof SearchEvent.Proposed proposed) {
      genomes.add(space.parse(proposed.genome()));
      if (!isAgain(proposed.step())) {
        pending.put(proposed.step(), genomes.get(genomes.size() - 1));
      }
      texts.add(proposed.genome());
      trainings.add(event);
      if (halving != null) {
        halving.promotions().began(proposed.epochs());
      }
    } else if (event instanceof SearchEvent.Promoted promoted) {
      trainings.add(event);
      TaskId task = promoted.task();
      Objects.requireNonNull(halving)
          .promotions()
          .promoted(task.trial(), task.round(), promoted.epochs());
    } else if (event instanceof SearchEvent.Idled) {
      trainings.add(event);
    }
  }

  private void observeUpTo(int training, SearchState state) {
    while (observed < training) {
      observed++;
      observe(trainings.get(observed - 1), state);
    }
  }

  private void observeArrivals(SearchState state) {
    while (observedArrivals < state.arrivals().size()) {
      int index = Math.toIntExact(state.arrivals().get(observedArrivals) - 1);
      observedArrivals++;
      SearchEvent step = state.steps().get(index);
      if (step instanceof SearchEvent.Rejected rejected) {
        observe(rejected);
      } else {
        observe(step, state);
      }
    }
  }

  private void observe(SearchEvent.Rejected event) {
    pending.remove(event.step());
    Genome genome = space.parse(event.genome());
    controller.observe(new Outcome.Infeasible(event.step(), genome, event.exact(), event.reason()));
  }

  private void observe(SearchEvent training, SearchState state) {
    if (training instanceof SearchEvent.Proposed proposed) {
      observe(proposed.trial(), 1, proposed.epochs(), state);
    } else if (training instanceof SearchEvent.Promoted promoted) {
      observe(promoted.task().trial(), promoted.task().round(), promoted.epochs(), state);
    }
  }

  private void observe(int trial, int round, int epochs, SearchState state) {
    Outcome outcome = outcome(state.trials().get(trial - 1), round);
    pending.remove(outcome.step());
    if (isAgain(outcome.step())) {
      return; // learned before step 1
    }
    if (halving == null) {
      controller.observe(outcome);
    } else {
      halving.observe(trial, round, epochs, outcome);
    }
  }

  /** What one of a trial's trainings gave, whatever became of it later. */
  private Outcome outcome(Trial trial, int round) {
    Genome genome = genomes.get(trial.number() - 1);
    if (round <= trial.ladder().rungs().size()) {
      return new Outcome.Scored(
          trial.step(), genome, trial.ladder().rungs().get(round - 1).scorecard());
    }
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
      case STOPPED, SCREENED -> new Outcome.Stopped(trial.step(), genome);
      case OPEN, PAUSED ->
          throw new IllegalStateException(
              "training " + round + " of trial " + trial.number() + " has not ended");
    };
  }
}
