package io.skyline.coordinator.search;

/**
 * What a search's state is made of.
 *
 * @param origin what it began with
 * @param course where it stands
 * @param proposals its steps
 * @param trials what became of the proposals
 * @param tasks what is to be done now
 * @param precedents what earlier runs had done
 * @param sharing what is learned with shared weights
 */
record Parts(
    Origin origin,
    Course course,
    Proposals proposals,
    Trials trials,
    Tasks tasks,
    Precedents precedents,
    Sharing sharing) {
  /** One of them. */
  sealed interface Part permits Origin, Course, Proposals, Trials, Tasks, Precedents, Sharing {}

  static Parts initial(SearchSettings settings) {
    return new Parts(
        Origin.UNKNOWN,
        Course.of(settings.budget()),
        Proposals.NONE,
        Trials.none(settings.goals()),
        Tasks.NONE,
        Precedents.NONE,
        Sharing.NONE);
  }

  /** These with another one of its kind. */
  Parts with(Part next) {
    return new Parts(
        next instanceof Origin other ? other : origin,
        next instanceof Course other ? other : course,
        next instanceof Proposals other ? other : proposals,
        next instanceof Trials other ? other : trials,
        next instanceof Tasks other ? other : tasks,
        next instanceof Precedents other ? other : precedents,
        next instanceof Sharing other ? other : sharing);
  }
}
