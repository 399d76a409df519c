package io.skyline.coordinator.search;

/**
 * Numbers for a progress line.
 *
 * @param proposed trials
 * @param scored trials
 * @param failed trials
 * @param stopped trials
 * @param paused trials that wait at a rung
 * @param screened trials that a prefilter kept from being trained; none of those above
 * @param running tasks of any kind with a lease
 * @param rejected proposals that gate 1 answered
 * @param recalled scored trials whose training an earlier run had done
 */
public record Counts(
    int proposed,
    int scored,
    int failed,
    int stopped,
    int paused,
    int screened,
    int running,
    int rejected,
    int recalled) {
  /** Trials that have ended and used up budget. */
  public int finished() {
    return scored + failed + stopped;
  }
}
