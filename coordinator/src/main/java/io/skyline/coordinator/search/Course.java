package io.skyline.coordinator.search;

import java.util.Optional;

/**
 * How far a search may go on.
 *
 * @param trials the budget with its extensions
 * @param timeExpired whether the budget of time is spent
 * @param closed why no more is proposed, although the budget is not spent
 * @param cancelled whether the user stopped it
 * @param ended why it is over
 */
record Course(
    int trials,
    boolean timeExpired,
    Optional<String> closed,
    boolean cancelled,
    Optional<String> ended)
    implements Parts.Part {
  static Course of(Budget budget) {
    return new Course(budget.trials(), false, Optional.empty(), false, Optional.empty());
  }

  Course expired() {
    return new Course(trials, true, closed, cancelled, ended);
  }

  Course closed(String reason) {
    return new Course(trials, timeExpired, Optional.of(reason), cancelled, ended);
  }

  Course cancel() {
    return new Course(trials, timeExpired, closed, true, ended);
  }

  Course resume() {
    return new Course(trials, timeExpired, closed, false, ended);
  }

  Course end(String reason) {
    return new Course(trials, timeExpired, closed, cancelled, Optional.of(reason));
  }

  /** With more trials everything that had ended the search is void. */
  Course extend(int more) {
    int sum = (int) Math.min(Integer.MAX_VALUE, (long) trials + more);
    return new Course(sum, false, Optional.empty(), false, Optional.empty());
  }

  boolean active() {
    return !cancelled && ended.isEmpty();
  }

  boolean mayPropose(int proposed) {
    return active() && !timeExpired && closed.isEmpty() && proposed < trials;
  }
}
