package io.skyline.coordinator.actor;

import io.skyline.coordinator.search.TaskId;

/**
 * One attempt at one task of one search, unique over all incarnations of a coordinator.
 *
 * @param search the run's name
 * @param task what is run
 * @param attempt counts the leases of this task from 1
 */
public record LeaseId(String search, TaskId task, int attempt) {
  @Override
  public String toString() {
    return search + "/" + task.text() + "#" + attempt;
  }
}
