package io.skyline.coordinator.search;

/**
 * The right of a worker to run one attempt of a task.
 *
 * @param task what is run
 * @param attempt counts the leases of this task from 1
 * @param worker the worker process's id
 * @param atMillis when it was given, epoch milliseconds; for people only
 */
public record Lease(TaskId task, int attempt, String worker, long atMillis) {}
