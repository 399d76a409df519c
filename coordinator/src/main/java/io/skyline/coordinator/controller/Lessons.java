package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Outcome;
import io.skyline.coordinator.search.SearchEvent;
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
 * What the controller of a search has been told: of each step exactly what the next one may depend
 * on, as {@link Proposer} says.
 */
final class Lessons {
  private final SearchSpace space;
  private final Controller controller;

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

  Lessons(SearchSpace space, Controller controller) {
    this.space = space;
    this.controller = controller;
  }

  /** Who is promoted next, if trainings pause. */
  Optional<Promotions> promotions() {
    return Optional.ofNullable(halving).map(SuccessiveHalving::promotions);
  }

  /** The genome of an earlier run that a step trains again, if it does. */
  Optional<Genome> again(long step) {
    return isAgain(step) ? Optional.of(again.get((int) step - 1)) : Optional.empty();
  }

  /** Those that the controller has not observed, oldest first. */
  Pending pending() {
    return new Pending(List.copyOf(pending.values()));
  }

  boolean wasTried(Genome genome) {
    return texts.contains(genome.text());
  }

  int tried() {
    return texts.size();
  }

  /** The trial that scored a genome and is observed; 0 if there is none. */
  int scoredTrial(Genome genome) {
    return observedScored.getOrDefault(genome.text(), 0);
  }

  /** In deterministic order: whether no outcome is left to be observed. */
  boolean areComplete() {
    return trainings.subList(observed, trainings.size()).stream()
        .allMatch(SearchEvent.Idled.class::isInstance);
  }

  /** Feeds the controller all that the next step may depend on. */
  void catchUp(SearchState state) {
    tell(state);
    if (halving == null && state.settings().halving().isPresent()) {
      halving =
          new SuccessiveHalving(
              state.settings().halving().get(), state.settings().goals(), controller);
    }
    boolean deterministic = Proposer.isDeterministic(state);
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
