package io.skyline.coordinator.evaluation;

import java.util.Optional;

/**
 * Evaluations by a key that stands for all that decides about their numbers. Losing one costs a
 * training and nothing else, so nothing here throws for a disk's sake.
 */
public interface Evaluations {
  /** Knows nothing and keeps nothing. */
  Evaluations NONE =
      new Evaluations() {
        @Override
        public Optional<Evaluation> recall(String key) {
          return Optional.empty();
        }

        @Override
        public void note(String key, Evaluation evaluation) {}
      };

  /** The evaluation of that key; its files are in the search's own store by then. */
  Optional<Evaluation> recall(String key);

  /** Keeps an evaluation whose files are in the search's store. */
  void note(String key, Evaluation evaluation);

  /** The same, asked for nothing: it only keeps. */
  default Evaluations writeOnly() {
    Evaluations all = this;
    return new Evaluations() {
      @Override
      public Optional<Evaluation> recall(String key) {
        return Optional.empty();
      }

      @Override
      public void note(String key, Evaluation evaluation) {
        all.note(key, evaluation);
      }
    };
  }
}
