package io.skyline.coordinator.rpc;

import io.skyline.coordinator.actor.Admission;
import io.skyline.v1.Assign;
import io.skyline.v1.Failed;
import io.skyline.v1.Hello;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How a {@link FakeWorker} behaves.
 *
 * @param evaluation how long an evaluation takes
 * @param result replaces the score of an assignment if present
 * @param copies of each report that are sent at once
 * @param silent never reports
 */
record WorkerTraits(
    int slots,
    Duration evaluation,
    Function<Assign, Optional<Failed>> result,
    int copies,
    boolean silent,
    Hello hello) {
  static WorkerTraits usual(int slots) {
    Hello hello =
        Hello.newBuilder()
            .setHost("test")
            .setSlots(slots)
            .setBuild("test-build")
            .setProtocol(Admission.PROTOCOL)
            .setNumericFingerprint("f00d")
            .addEngines("onednn")
            .setCatalogDigest("catalog")
            .build();
    return new WorkerTraits(
        slots, Duration.ofMillis(10), assign -> Optional.empty(), 1, false, hello);
  }

  WorkerTraits with(Hello.Builder other) {
    return new WorkerTraits(slots, evaluation, result, copies, silent, other.build());
  }

  WorkerTraits taking(Duration time) {
    return new WorkerTraits(slots, time, result, copies, silent, hello);
  }

  WorkerTraits failing(Function<Assign, Optional<Failed>> how) {
    return new WorkerTraits(slots, evaluation, how, copies, silent, hello);
  }

  WorkerTraits sending(int reports) {
    return new WorkerTraits(slots, evaluation, result, reports, silent, hello);
  }

  WorkerTraits neverReporting() {
    return new WorkerTraits(slots, evaluation, result, copies, true, hello);
  }
}
