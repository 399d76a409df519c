package io.skyline.coordinator.search;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks a journal against the durability promise: each proposed trial ends in exactly one recorded
 * outcome, evaluation may run more than once, counting happens once, an acknowledged result is
 * never lost.
 *
 * <p>I5 needs a controller: see {@code ReplayInvariant} beside the controllers.
 */
public final class Invariants {
  private final SearchSettings settings;
  private final List<String> broken = new ArrayList<>();
  private final Set<TaskId> ended = new HashSet<>();
  private final Set<Integer> outcomes = new HashSet<>();
  private final Map<TaskId, Integer> lost = new HashMap<>();
  private int trials;
  private int screened;
  private long budget;

  private Invariants(SearchSettings settings) {
    this.settings = settings;
    this.budget = settings.budget().trials();
  }

  /** {@link #check(SearchSettings, List, Set)} where nobody kept the acknowledgements. */
  public static List<String> check(SearchSettings settings, List<SearchEvent> events) {
    return check(settings, events, Set.of());
  }

  /**
   * What is broken, in words for a person; empty if nothing is.
   *
   * @param settings of the search
   * @param events its whole journal
   * @param acknowledged the tasks of which a report was acknowledged to a worker
   */
  public static List<String> check(
      SearchSettings settings, List<SearchEvent> events, Set<TaskId> acknowledged) {
    Invariants invariants = new Invariants(settings);
    SearchState state = SearchState.initial(settings);
    for (SearchEvent event : events) {
      invariants.noteOutcome(event, state);
      invariants.note(event);
      try {
        state = state.apply(event);
      } catch (IllegalArgumentException e) {
        invariants.broken.add("order: " + e.getMessage());
        return invariants.broken;
      }
    }
    invariants.conclude(state, acknowledged);
    return invariants.broken;
  }

  private void note(SearchEvent event) {
    if (event instanceof SearchEvent.Proposed) {
      trials++;
      if (trials - screened > budget) {
        broken.add("I6: trial " + trials + " exceeds the budget of " + budget);
      }
    } else if (event instanceof SearchEvent.Screened) {
      screened++;
    } else if (event instanceof SearchEvent.Extended extended) {
      budget += extended.trials();
    } else if (event instanceof SearchEvent.LeaseEnded lease && lease.counts()) {
      // the last lost attempt is recorded by the failure of the task, not by the end of its lease
      if (lost.merge(lease.task(), 1, Integer::sum) >= settings.maxAttempts()) {
        broken.add("I4: " + lease.task().text() + " was lost more often than it may be tried");
      }
    }
    terminal(event)
        .filter(task -> !ended.add(task))
        .ifPresent(task -> broken.add("I1: " + task.text() + " ended twice"));
  }

  /** Of trials, not of tasks: a rung is no outcome, and one event retires all that are paused. */
  private void noteOutcome(SearchEvent event, SearchState before) {
    if (event instanceof SearchEvent.Retired) {
      before.trials().stream()
          .filter(trial -> trial.status() == Trial.Status.PAUSED)
          .forEach(trial -> noteOutcome(trial.number()));
    } else if (!(event instanceof SearchEvent.RungReached)) {
      terminal(event)
          .filter(task -> task.kind() == TaskId.Kind.TRAIN && !ended.contains(task))
          .ifPresent(task -> noteOutcome(task.trial()));
    }
  }

  private void noteOutcome(int trial) {
    if (!outcomes.add(trial)) {
      broken.add("I1: trial " + trial + " has two outcomes");
    }
  }

  private static Optional<TaskId> terminal(SearchEvent event) {
    if (event instanceof SearchEvent.RungReached reached) {
      return Optional.of(reached.task());
    }
    if (event instanceof SearchEvent.Scored scored) {
      return Optional.of(scored.task());
    } else if (event instanceof SearchEvent.Failed failed) {
      return Optional.of(failed.task());
    } else if (event instanceof SearchEvent.Screened out) {
      return Optional.of(out.task());
    } else if (event instanceof SearchEvent.Stopped stopped) {
      return Optional.of(stopped.task());
    }
    return Optional.empty();
  }

  private void conclude(SearchState state, Set<TaskId> acknowledged) {
    if (state.phase() == Phase.ENDED) {
      for (int trial = 1; trial <= trials; trial++) {
        if (!outcomes.contains(trial)) {
          broken.add("I1: trial " + trial + " has no outcome, and the search is over");
        }
      }
    }
    List<Integer> kept = state.frontier().members().stream().map(Trial::number).toList();
    List<Integer> recomputed = frontier(state);
    if (!kept.equals(recomputed)) {
      broken.add("I2: the frontier is " + kept + ", recomputed " + recomputed);
    }
    for (TaskId task : acknowledged) {
      if (!ended.contains(task)) {
        broken.add("I3: a report of " + task.text() + " was acknowledged and is not journalled");
      }
    }
  }

  /** By the definition: no feasible trial dominates a member. */
  private List<Integer> frontier(SearchState state) {
    List<Trial> feasible =
        state.trials().stream()
            .filter(trial -> trial.status() == Trial.Status.SCORED)
            .filter(trial -> settings.goals().feasible(trial.scorecard()))
            .filter(trial -> settings.goals().costs(trial.scorecard()).isPresent())
            .toList();
    return feasible.stream()
        .filter(trial -> feasible.stream().noneMatch(other -> dominates(other, trial)))
        .map(Trial::number)
        .toList();
  }

  private boolean dominates(Trial a, Trial b) {
    return Dominance.dominates(
        settings.goals().costs(a.scorecard()).orElseThrow(),
        settings.goals().costs(b.scorecard()).orElseThrow());
  }
}
