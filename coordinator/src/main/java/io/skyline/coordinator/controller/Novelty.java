package io.skyline.coordinator.controller;

import io.skyline.space.Decision;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * Keeps proposals distinct: gives genomes that were neither observed nor are pending, as long as
 * the space holds one.
 */
final class Novelty {
  private static final int TRIES = 50;

  private final SearchSpace space;
  private final boolean single;
  private final Set<String> seen = new HashSet<>();

  Novelty(SearchSpace space) {
    this.space = space;
    this.single = space.size().equals(BigInteger.ONE);
  }

  void saw(Genome genome) {
    seen.add(genome.text());
  }

  /** Whether a genome was observed or is pending. */
  boolean isKnown(Genome genome, Pending pending) {
    return known(pending).test(genome);
  }

  /** A new genome, drawn uniformly decision by decision. */
  Genome sample(RandomGenerator random, Pending pending) {
    Predicate<Genome> known = known(pending);
    Genome drawn = space.sample(random);
    for (int i = 1; i < TRIES && known.test(drawn); i++) {
      drawn = space.sample(random);
    }
    return nearest(drawn, known);
  }

  /** The genome itself if it is new, else after as many mutations as it takes. */
  Genome mutated(Genome genome, RandomGenerator random, Pending pending) {
    Predicate<Genome> known = known(pending);
    Genome drawn = genome;
    for (int i = 0; i < TRIES && !single && known.test(drawn); i++) {
      drawn = space.mutate(drawn, random);
    }
    return nearest(drawn, known);
  }

  /** Whether the space holds a single genome. */
  boolean isSingle() {
    return single;
  }

  /** Tells which genomes were observed or are pending. */
  Predicate<Genome> known(Pending pending) {
    Set<String> texts = new HashSet<>();
    pending.genomes().forEach(genome -> texts.add(genome.text()));
    return genome -> seen.contains(genome.text()) || texts.contains(genome.text());
  }

  /**
   * The new genome fewest changes away; the start itself if all are known.
   *
   * <p>Breadth first over single changes, which connect the whole space: at most the known genomes
   * are walked through.
   */
  private Genome nearest(Genome start, Predicate<Genome> known) {
    Deque<Genome> queue = new ArrayDeque<>();
    Set<String> reached = new HashSet<>();
    queue.add(start);
    reached.add(start.text());
    while (!queue.isEmpty()) {
      Genome genome = queue.remove();
      if (!known.test(genome)) {
        return genome;
      }
      for (int index : space.active(genome)) {
        Decision decision = space.decisions().get(index);
        for (int value = 0; value < decision.values().size(); value++) {
          int[] choices = genome.choices().stream().mapToInt(Integer::intValue).toArray();
          choices[index] = value;
          Genome neighbour = space.genome(choices);
          if (reached.add(neighbour.text())) {
            queue.add(neighbour);
          }
        }
      }
    }
    return start;
  }
}
