/** Akka: the event-sourced search, the dispatcher, the worker sessions. */
@NullMarked
package io.skyline.coordinator.actor;

import org.jspecify.annotations.NullMarked;
