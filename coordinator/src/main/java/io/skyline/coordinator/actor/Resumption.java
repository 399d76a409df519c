package io.skyline.coordinator.actor;

/**
 * How a search goes on from its journal.
 *
 * @param moreTrials added to its budget
 * @param workersGone whether no worker of before can still run its tasks, as when the coordinator
 *     had spawned them; otherwise leases go on and wait for their workers to come back
 */
public record Resumption(int moreTrials, boolean workersGone) {
  public Resumption {
    if (moreTrials < 0) {
      throw new IllegalArgumentException("a budget cannot shrink by " + moreTrials);
    }
  }

  /** Within the same budget; workers of before may come back. */
  public static final Resumption SAME_WORKERS = new Resumption(0, false);

  /** Within the same budget; workers of before are gone. */
  public static final Resumption NEW_WORKERS = new Resumption(0, true);
}
