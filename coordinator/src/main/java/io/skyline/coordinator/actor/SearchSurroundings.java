package io.skyline.coordinator.actor;

import akka.actor.typed.ActorRef;
import java.util.function.LongSupplier;

/**
 * What a search's actor lives among.
 *
 * @param dispatcher that finds workers
 * @param board on which it shows how far it is
 * @param resumption how to go on from a journal that is not empty
 * @param build of this coordinator
 * @param nanos the monotonic clock
 * @param wallMillis the clock on the wall, for people only
 */
record SearchSurroundings(
    ActorRef<DispatcherCommand> dispatcher,
    ProgressBoard board,
    Resumption resumption,
    String build,
    LongSupplier nanos,
    LongSupplier wallMillis) {}
