package io.skyline.coordinator.search;

import java.util.Optional;

/**
 * The one recorded end of a task.
 *
 * @param task which one
 * @param failure empty if it gave numbers or was stopped before it began
 */
public record TaskEnd(TaskId task, Optional<Failure> failure) {}
