/**
 * Akka: the event-sourced search, the dispatcher that hands out leases, one session a worker.
 *
 * <p>Messages carry records of the house; only the payload of an assignment is a wire message.
 */
@NullMarked
package io.skyline.coordinator.actor;

import org.jspecify.annotations.NullMarked;
