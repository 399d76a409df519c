package io.skyline.coordinator.controller;

import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Looks for the genome of most promise among new ones. */
final class Candidates {
  /** So many rounds uphill at most, each from so many of the best. */
  private static final int ROUNDS = 3;

  private static final int CLIMBERS = 3;

  /** So many of a round are looked at closely. */
  private static final int CLOSELY = 48;

  private final SearchSpace space;
  private final Novelty novelty;
  private final int size;

  /**
   * @param size a third of it are random genomes and children to begin with, a quarter at most the
   *     neighbours of one genome: where it has more, a random choice
   */
  Candidates(SearchSpace space, Novelty novelty, int size) {
    this.space = space;
    this.novelty = novelty;
    this.size = size;
  }

  /** The best new genome; empty if none was found. */
  Optional<Genome> best(
      List<Genome> parents, Promise promise, RandomGenerator random, Pending pending) {
    Predicate<Genome> known = novelty.known(pending);
    Set<String> seen = new HashSet<>();
    List<Genome> round = fresh(start(parents, random), known, seen);
    @Nullable Genome best = null;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i <= ROUNDS && !round.isEmpty(); i++) {
      List<Genome> close = first(round, promise.outlined(round), CLOSELY);
      double[] promises = promise.of(close);
      List<Genome> climbers = first(close, promises, CLIMBERS);
      double top = promises[close.indexOf(climbers.get(0))];
      if (!(top > most)) {
        break;
      }
      most = top;
      best = climbers.get(0);
      List<Genome> next = new ArrayList<>();
      climbers.forEach(climber -> next.addAll(neighbours(climber, random)));
      round = fresh(next, known, seen);
    }
    return Optional.ofNullable(best);
  }

  private List<Genome> start(List<Genome> parents, RandomGenerator random) {
    List<Genome> all = new ArrayList<>();
    for (int i = 0; i < size / 3; i++) {
      all.add(space.sample(random));
    }
    parents.forEach(parent -> all.addAll(neighbours(parent, random)));
    for (int i = 0; i < size / 3; i++) {
      Genome mother = parents.get(random.nextInt(parents.size()));
      Genome father = parents.get(random.nextInt(parents.size()));
      Genome child = space.crossover(mother, father, random);
      for (int change = 0; change < 2 && !novelty.isSingle(); change++) {
        child = random.nextBoolean() ? space.mutate(child, random) : child;
      }
      all.add(child);
    }
    return all;
  }

  /** Those that are neither known nor were looked at, each once. */
  private static List<Genome> fresh(
      List<Genome> genomes, Predicate<Genome> known, Set<String> seen) {
    Map<String, Genome> fresh = new LinkedHashMap<>();
    for (Genome genome : genomes) {
      if (!known.test(genome) && seen.add(genome.text())) {
        fresh.put(genome.text(), genome);
      }
    }
    return List.copyOf(fresh.values());
  }

  /** The genomes of the highest values, the highest first. */
  private static List<Genome> first(List<Genome> genomes, double[] values, int count) {
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer i) -> values[i]).reversed())
        .limit(count)
        .map(genomes::get)
        .toList();
  }

  /** Genomes that differ in the value of one active decision, and in those that it wakes up. */
  private List<Genome> neighbours(Genome genome, RandomGenerator random) {
    List<int[]> changes = new ArrayList<>();
    for (int decision : space.active(genome)) {
      for (int v = 0; v < space.decisions().get(decision).values().size(); v++) {
        if (v != genome.choices().get(decision)) {
          changes.add(new int[] {decision, v});
        }
      }
    }
    List<Genome> neighbours = new ArrayList<>();
    while (neighbours.size() < size / 4 && !changes.isEmpty()) {
      int[] change = changes.remove(random.nextInt(changes.size()));
      neighbours.add(space.changed(genome, change[0], change[1], random));
    }
    return neighbours;
  }
}
