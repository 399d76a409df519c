package io.skyline.coordinator.controller;

import io.skyline.coordinator.search.CrowdingDistance;
import io.skyline.coordinator.search.NondominatedSort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The crowded comparison of a population (Deb et al. 2002): by front under constrained domination,
 * within a front the lonelier one. With a single objective this is the order of its values.
 */
final class Ranking {
  private final List<Individual> individuals;
  private final int[] ranks;
  private final double[] crowding;

  Ranking(List<Individual> individuals) {
    this.individuals = List.copyOf(individuals);
    ranks = NondominatedSort.ranks(this.individuals, Individual::dominates);
    crowding = new double[ranks.length];
    for (int rank = 0; rank < ranks.length; rank++) {
      spread(rank);
    }
  }

  private void spread(int rank) {
    List<Integer> front = new ArrayList<>();
    for (int i = 0; i < ranks.length; i++) {
      if (ranks[i] == rank && individuals.get(i).feasible()) {
        front.add(i);
      }
    }
    double[] distances =
        CrowdingDistance.of(front.stream().map(i -> individuals.get(i).costs()).toList());
    for (int k = 0; k < distances.length; k++) {
      crowding[front.get(k)] = distances[k];
    }
  }

  int size() {
    return ranks.length;
  }

  Individual get(int index) {
    return individuals.get(index);
  }

  /** Whether the one is preferred to the other. */
  boolean better(int one, int other) {
    return ranks[one] != ranks[other] ? ranks[one] < ranks[other] : crowding[one] > crowding[other];
  }

  /** The preferred one of so many rivals and one more, drawn with replacement. */
  Individual tournament(int rivals, RandomGenerator random) {
    int best = random.nextInt(size());
    for (int i = 0; i < rivals; i++) {
      int rival = random.nextInt(size());
      best = better(rival, best) ? rival : best;
    }
    return get(best);
  }

  /** All of them, the preferred first; among equals the oldest. */
  List<Integer> order() {
    Comparator<Integer> preference =
        Comparator.<Integer>comparingInt(i -> ranks[i])
            .thenComparing(i -> crowding[i], Comparator.reverseOrder());
    return IntStream.range(0, size()).boxed().sorted(preference).toList();
  }

  /** The one that all others are preferred to; among equals the oldest. */
  int worst() {
    int worst = 0;
    for (int i = 1; i < ranks.length; i++) {
      if (better(worst, i)) {
        worst = i;
      }
    }
    return worst;
  }
}
