package io.skyline.coordinator.actor;

import io.skyline.v1.Assign;

/**
 * A journalled lease with the work it is for.
 *
 * @param lease who may do what
 * @param message the work as the worker reads it; its reference and duration are filled in when it
 *     is sent
 */
public record Assignment(LeaseId lease, Assign message) {}
