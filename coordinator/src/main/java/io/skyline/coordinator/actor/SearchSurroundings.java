package io.skyline.coordinator.actor;

import akka.actor.typed.ActorRef;
import io.skyline.coordinator.sharing.WeightMerger;
import java.util.Optional;
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
 * @param weights merges shared weights, where the search has them
 */
record SearchSurroundings(
    ActorRef<DispatcherCommand> dispatcher,
    ProgressBoard board,
    Resumption resumption,
    String build,
    LongSupplier nanos,
    LongSupplier wallMillis,
    Optional<WeightMerger> weights) {
  /** Those of a search without shared weights. */
  SearchSurroundings(
      ActorRef<DispatcherCommand> dispatcher,
      ProgressBoard board,
      Resumption resumption,
      String build,
      LongSupplier nanos,
      LongSupplier wallMillis) {
    this(dispatcher, board, resumption, build, nanos, wallMillis, Optional.empty());
  }
}
