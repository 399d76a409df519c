package io.skyline.coordinator.search;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * Sorts a population into fronts: the non-dominated ones, those that only the first front
 * dominates, and so on (Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II",
 * 2002, section III-A).
 */
public final class NondominatedSort {
  private NondominatedSort() {}

  /**
   * The front of each individual, from 0; quadratic in their number.
   *
   * @param dominates a strict partial order
   */
  public static <T> int[] ranks(List<T> individuals, BiPredicate<T, T> dominates) {
    int count = individuals.size();
    List<List<Integer>> dominated = new ArrayList<>();
    int[] dominators = new int[count];
    for (int i = 0; i < count; i++) {
      List<Integer> below = new ArrayList<>();
      for (int j = 0; j < count; j++) {
        if (dominates.test(individuals.get(i), individuals.get(j))) {
          below.add(j);
          dominators[j]++;
        }
      }
      dominated.add(below);
    }
    List<Integer> front = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (dominators[i] == 0) {
        front.add(i);
      }
    }
    int[] ranks = new int[count];
    for (int rank = 0; !front.isEmpty(); rank++) {
      List<Integer> next = new ArrayList<>();
      for (int i : front) {
        ranks[i] = rank;
        for (int j : dominated.get(i)) {
          if (--dominators[j] == 0) {
            next.add(j);
          }
        }
      }
      front = next;
    }
    return ranks;
  }
}
