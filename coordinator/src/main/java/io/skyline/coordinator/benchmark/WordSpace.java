package io.skyline.coordinator.benchmark;

import io.skyline.space.Decision;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The space of genomes that are sequences of words: a decision for each position over the words
 * that stand there somewhere. Where sequences differ in length a position may also end its genome,
 * and later ones count only if it does not.
 */
final class WordSpace {
  /** Stands where a shorter genome has ended. */
  static final String END = "-";

  private final SearchSpace space;

  private WordSpace(SearchSpace space) {
    this.space = space;
  }

  /**
   * The space of these sequences.
   *
   * @param ordered whether positions whose words are all numbers have an order
   */
  static WordSpace of(String name, List<List<String>> sequences, boolean ordered) {
    int length = sequences.stream().mapToInt(List::size).max().orElse(0);
    List<Decision> decisions = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      Decision before = decisions.isEmpty() ? null : decisions.get(i - 1);
      Optional<Decision.When> when = Optional.empty();
      int earlier = i;
      boolean mayHaveEnded = sequences.stream().anyMatch(sequence -> sequence.size() < earlier);
      if (before != null && mayHaveEnded) {
        TreeSet<String> goesOn = new TreeSet<>(before.values());
        goesOn.remove(END);
        when = Optional.of(new Decision.When(before.name(), goesOn));
      }
      decisions.add(decision(i, sequences, ordered, when));
    }
    return new WordSpace(new SearchSpace(name, decisions));
  }

  private static Decision decision(
      int position, List<List<String>> sequences, boolean ordered, Optional<Decision.When> when) {
    TreeSet<String> words = new TreeSet<>();
    boolean mayEnd = false;
    for (List<String> sequence : sequences) {
      if (position < sequence.size()) {
        words.add(sequence.get(position));
      } else {
        mayEnd = true;
      }
    }
    List<String> values = new ArrayList<>(words);
    boolean numbers = ordered && !mayEnd && words.stream().allMatch(TableReader::isNumber);
    if (numbers) {
      values.sort(Comparator.comparingDouble(Double::parseDouble));
    }
    if (mayEnd) {
      values.add(0, END);
    }
    return new Decision(
        "word" + (position + 1),
        numbers ? Decision.Kind.ORDINAL : Decision.Kind.CATEGORICAL,
        values,
        when);
  }

  SearchSpace space() {
    return space;
  }

  /** The genome of one of the sequences. */
  Genome genome(List<String> sequence) {
    int[] choices = new int[space.decisions().size()];
    for (int i = 0; i < sequence.size(); i++) {
      choices[i] = space.decisions().get(i).values().indexOf(sequence.get(i));
    }
    return space.genome(choices);
  }
}
