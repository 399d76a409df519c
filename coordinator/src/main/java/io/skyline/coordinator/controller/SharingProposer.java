package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.NextStep;
import io.skyline.coordinator.search.Outcome;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.Sharing;
import io.skyline.coordinator.search.SharingSettings;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a search with shared weights does before its trials: draws paths to train on them, then
 * candidates to score with them, and ranks these.
 *
 * <p>Before path d is drawn, the strategy has observed exactly the paths up to d - lookahead of
 * sharing; before candidate c, the derivation those up to c - lookahead of the search: both in
 * order, however many are known. A draw that breaks a limit is observed at once and drawn again, so
 * that none of it need be journalled: a fresh proposer draws the same again.
 */
public final class SharingProposer {
  private final SearchSpace space;
  private final SharingStrategy strategy;
  private final Gate gate;
  private final Function<Genome, Scorecard> costs;
  private final Goals goals;
  private final long seed;
  private final Map<Long, Genome> pending = new LinkedHashMap<>();
  private final List<Genome> candidates = new ArrayList<>();
  private final List<Long> candidateSteps = new ArrayList<>();
  private int paths;
  private int observedPaths;
  private int observedCandidates;
  private long derivationSteps;
  private @Nullable Controller derivation;
  private boolean exhausted;
  private List<Genome> ranking = List.of();

  /**
   * @param strategy fresh: this proposer feeds it
   * @param costs what is known of a genome before any training
   * @param goals as far as they are known then, and by the quality on validation data
   * @param seed of all draws of paths
   */
  public SharingProposer(
      SearchSpace space,
      SharingStrategy strategy,
      Gate gate,
      Function<Genome, Scorecard> costs,
      Goals goals,
      long seed) {
    this.space = space;
    this.strategy = strategy;
    this.gate = gate;
    this.costs = costs;
    this.goals = goals;
    this.seed = seed;
  }

  /** The event that is due in a state of sharing, if any. */
  Optional<SearchEvent> next(SearchState state, long atMillis) {
    Sharing sharing = state.sharing();
    SharingSettings settings = state.settings().sharing().orElseThrow();
    if (NextStep.isPathDue(state)) {
      catchUp(sharing, settings);
      long step = sharing.paths().size() + 1L;
      Optional<Genome> path = draw(step);
      return Optional.of(
          path.isPresent()
              ? new SearchEvent.PathDrawn(step, path.get().choices(), atMillis)
              : lost(atMillis));
    }
    if (NextStep.isCandidateDue(state) && !exhausted) {
      catchUp(sharing, settings);
      Optional<Genome> candidate = derive(state);
      if (candidate.isPresent()) {
        return Optional.of(
            new SearchEvent.CandidateDrawn(candidates.size(), candidate.get().text(), atMillis));
      }
      exhausted = true;
    }
    boolean drawn = exhausted || sharing.candidates().size() == settings.candidates();
    return drawn && sharing.settled() == sharing.candidates().size()
        ? Optional.of(new SearchEvent.CandidatesDerived(atMillis))
        : Optional.empty();
  }

  private static SearchEvent lost(long atMillis) {
    String reason = "%,d paths in a row broke a constraint".formatted(Proposer.PATIENCE);
    return new SearchEvent.NoMoreProposals(reason, atMillis);
  }

  /** Draws again what a journal has, and learns what the next path may depend on. */
  private void catchUp(Sharing sharing, SharingSettings settings) {
    while (paths < sharing.paths().size()) {
      Optional<Genome> unused = draw(paths + 1L, sharing, settings);
    }
    observePaths(sharing, Math.min(sharing.paths().size(), paths + 1 - settings.lookahead()));
    if (sharing.merged() == settings.steps()) {
      observePaths(sharing, settings.steps());
    }
  }

  private Optional<Genome> draw(long step, Sharing sharing, SharingSettings settings) {
    observePaths(sharing, (int) step - settings.lookahead());
    return draw(step);
  }

  private Optional<Genome> draw(long step) {
    RandomGenerator random = Draws.of(seed, step);
    for (int i = 0; i < Proposer.PATIENCE; i++) {
      Genome genome = strategy.path(random);
      if (gate.judge(genome) instanceof Gate.Infeasible infeasible) {
        strategy.observe(
            new Outcome.Infeasible(step, genome, infeasible.exact(), infeasible.reason()));
      } else {
        paths = (int) step;
        return Optional.of(genome);
      }
    }
    return Optional.empty();
  }

  private void observePaths(Sharing sharing, int step) {
    while (observedPaths < step) {
      Sharing.Path path = sharing.paths().get(observedPaths);
      observedPaths++;
      int[] choices = path.choices().stream().mapToInt(Integer::intValue).toArray();
      strategy.observe(outcome(observedPaths, space.genome(choices), path.reward()));
    }
  }

  private Outcome outcome(long step, Genome genome, Optional<Scorecard> quality) {
    return quality.isPresent()
        ? new Outcome.Scored(step, genome, costs.apply(genome).with(quality.get()))
        : new Outcome.Failed(step, genome, FailureKind.DIVERGED, "no reward");
  }

  /** The next candidate after those of a state; empty if there is no other. */
  private Optional<Genome> derive(SearchState state) {
    Sharing sharing = state.sharing();
    if (derivation == null) {
      derivation = strategy.derivation();
    }
    Optional<Genome> drawn = Optional.empty();
    while (candidates.size() <= sharing.candidates().size()) {
      observeCandidates(sharing, candidates.size() + 1 - state.settings().lookahead());
      drawn = candidate(derivation);
      if (drawn.isEmpty()) {
        return drawn;
      }
      candidates.add(drawn.get());
    }
    return drawn;
  }

  private Optional<Genome> candidate(Controller controller) {
    for (int i = 0; i < Proposer.PATIENCE; i++) {
      derivationSteps++;
      Genome genome =
          controller.propose(derivationSteps, new Pending(List.copyOf(pending.values()))).genome();
      if (candidates.contains(genome)) {
        return Optional.empty(); // there is no other
      }
      if (gate.judge(genome) instanceof Gate.Infeasible infeasible) {
        controller.observe(
            new Outcome.Infeasible(
                derivationSteps, genome, infeasible.exact(), infeasible.reason()));
      } else {
        pending.put(derivationSteps, genome);
        candidateSteps.add(derivationSteps);
        return Optional.of(genome);
      }
    }
    return Optional.empty();
  }

  private void observeCandidates(Sharing sharing, int number) {
    while (observedCandidates < number) {
      Sharing.Candidate candidate = sharing.candidates().get(observedCandidates);
      long step = candidateSteps.get(observedCandidates);
      Genome genome = candidates.get(observedCandidates);
      observedCandidates++;
      pending.remove(step);
      Objects.requireNonNull(derivation).observe(outcome(step, genome, candidate.quality()));
    }
  }

  /**
   * The candidates that were scored, the best first: by front under constrained domination, within
   * a front the lonelier, then the earlier.
   */
  List<Genome> ranking(SearchState state) {
    if (ranking.isEmpty()) {
      List<Individual> scored = new ArrayList<>();
      for (Sharing.Candidate candidate : state.sharing().candidates()) {
        Genome genome = space.parse(candidate.genome());
        Individual.of(outcome(0, genome, candidate.quality()), goals).ifPresent(scored::add);
      }
      Ranking order = new Ranking(scored);
      Comparator<Integer> better =
          (one, other) -> order.better(one, other) ? -1 : order.better(other, one) ? 1 : 0;
      ranking =
          IntStream.range(0, scored.size())
              .boxed()
              .sorted(better)
              .map(i -> scored.get(i).genome())
              .toList();
    }
    return ranking;
  }
}
