package io.skyline.coordinator.search;

/**
 * The trials of a search with what is counted over them; immutable.
 *
 * @param all by number, from 1
 * @param trainings of them, by step
 * @param scored how many were
 * @param failed how many were
 * @param stopped how many were
 * @param paused how many are
 * @param screened how many were
 * @param frontier over the latest scorecards
 */
record Trials(
    PersistentList<Trial> all,
    Trainings trainings,
    int scored,
    int failed,
    int stopped,
    int paused,
    int screened,
    Frontier frontier)
    implements Parts.Part {
  static Trials none(Goals goals) {
    return new Trials(PersistentList.empty(), Trainings.NONE, 0, 0, 0, 0, 0, Frontier.empty(goals));
  }

  Trials plus(SearchEvent.Proposed event) {
    if (event.trial() != all.size() + 1) {
      throw new IllegalArgumentException(
          "trial " + event.trial() + " is not the one after " + all.size());
    }
    return new Trials(
        all.plus(Trial.proposed(event)),
        trainings.plus(TaskId.train(event.trial())),
        scored,
        failed,
        stopped,
        paused,
        screened,
        frontier);
  }

  /** How many use up budget, as far as the next step may know: not those that were screened out. */
  int charged(SearchSettings settings) {
    boolean arrival = settings.order() == SearchSettings.Order.ARRIVAL;
    int known = arrival ? screened : trainings.screenedOf(trainings.visible(settings.lookahead()));
    return all.size() - known;
  }

  Trials promoted(SearchEvent.Promoted event) {
    int number = event.task().trial();
    if (number > all.size() || all.get(number - 1).status() != Trial.Status.PAUSED) {
      throw new IllegalArgumentException("trial " + number + " is not paused");
    }
    Trials next = replaced(all.get(number - 1).promoted(event));
    return next.with(next.trainings.plus(event.task()));
  }

  /** A step that trains nothing. */
  Trials idled() {
    return with(trainings.plusNone()).counted();
  }

  /** What is paused ends. */
  Trials retired() {
    Trials next = this;
    for (int i = 0; next.paused > 0 && i < all.size(); i++) {
      if (all.get(i).status() == Trial.Status.PAUSED) {
        next = next.replaced(all.get(i).retired());
      }
    }
    return next;
  }

  /** A trial changed, because one of its tasks ended. */
  Trials changed(Trial trial, TaskId.Kind by) {
    Trials next = replaced(trial).counted();
    Frontier latest =
        by == TaskId.Kind.TRAIN
            ? frontier.plus(trial)
            // later numbers may let in what this trial had kept out
            : Frontier.of(frontier.goals(), next.all);
    return new Trials(
        next.all,
        next.trainings,
        next.scored,
        next.failed,
        next.stopped,
        next.paused,
        next.screened,
        latest);
  }

  private Trials with(Trainings next) {
    return new Trials(all, next, scored, failed, stopped, paused, screened, frontier);
  }

  private Trials counted() {
    return with(
        trainings.counted(
            task -> all.get(task.trial() - 1).end(task).isPresent(),
            task -> all.get(task.trial() - 1).status() == Trial.Status.SCREENED));
  }

  private Trials replaced(Trial trial) {
    Trial.Status before = all.get(trial.number() - 1).status();
    Trial.Status after = trial.status();
    return new Trials(
        all.replaced(trial.number() - 1, trial),
        trainings,
        scored + change(Trial.Status.SCORED, before, after),
        failed + change(Trial.Status.FAILED, before, after),
        stopped + change(Trial.Status.STOPPED, before, after),
        paused + change(Trial.Status.PAUSED, before, after),
        screened + change(Trial.Status.SCREENED, before, after),
        frontier);
  }

  private static int change(Trial.Status counted, Trial.Status before, Trial.Status after) {
    return (after == counted ? 1 : 0) - (before == counted ? 1 : 0);
  }
}
