package io.skyline.coordinator.search;

/**
 * The trials of a search with what is counted over them; immutable.
 *
 * @param all by number, from 1
 * @param settled trials 1 to this one have all ended
 * @param scored how many were
 * @param failed how many were
 * @param stopped how many were
 * @param frontier over the latest scorecards
 */
record Trials(
    PersistentList<Trial> all,
    int settled,
    int scored,
    int failed,
    int stopped,
    Frontier frontier) {
  static Trials none(Goals goals) {
    return new Trials(PersistentList.empty(), 0, 0, 0, 0, Frontier.empty(goals));
  }

  Trials plus(SearchEvent.Proposed event) {
    if (event.trial() != all.size() + 1) {
      throw new IllegalArgumentException(
          "trial " + event.trial() + " is not the one after " + all.size());
    }
    return new Trials(all.plus(Trial.proposed(event)), settled, scored, failed, stopped, frontier);
  }

  /** A trial changed, because one of its tasks ended. */
  Trials changed(Trial trial, TaskId.Kind by) {
    PersistentList<Trial> trials = all.replaced(trial.number() - 1, trial);
    int prefix = settled;
    while (prefix < trials.size() && trials.get(prefix).status() != Trial.Status.OPEN) {
      prefix++;
    }
    boolean trained = by == TaskId.Kind.TRAIN;
    return new Trials(
        trials,
        prefix,
        scored + (trained && trial.status() == Trial.Status.SCORED ? 1 : 0),
        failed + (trained && trial.status() == Trial.Status.FAILED ? 1 : 0),
        stopped + (trained && trial.status() == Trial.Status.STOPPED ? 1 : 0),
        // later numbers may let in what this trial had kept out
        trained ? frontier.plus(trial) : Frontier.of(frontier.goals(), trials));
  }
}
