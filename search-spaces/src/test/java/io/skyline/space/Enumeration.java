package io.skyline.space;

import java.util.HashSet;
import java.util.Set;

/** Every genome of a small space, found by trying all choices. */
final class Enumeration {
  private Enumeration() {}

  static Set<Genome> of(SearchSpace space) {
    Set<Genome> genomes = new HashSet<>();
    int[] choices = new int[space.decisions().size()];
    int position = 0;
    while (position < choices.length) {
      genomes.add(space.genome(choices));
      position = 0;
      while (position < choices.length
          && ++choices[position] == space.decisions().get(position).values().size()) {
        choices[position++] = 0;
      }
    }
    return genomes;
  }
}
