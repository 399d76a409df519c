package io.skyline.coordinator.actor;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who may work here: processes of the same build that speak the same protocol and know the same
 * spaces.
 *
 * @param build the coordinator's
 * @param catalogDigest of the coordinator's ready spaces
 */
public record Admission(String build, String catalogDigest) {
  /** The version of {@code dispatch.proto} that is spoken here. */
  public static final int PROTOCOL = 1;

  private static final int MOST_SLOTS = 1024;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,64}");

  /** Why a worker is refused, empty if it is not. */
  Optional<String> refusal(WorkerIdentity worker) {
    if (worker.protocol() != PROTOCOL) {
      return Optional.of(
          "this coordinator speaks protocol %d and the worker %d: install the same build of Skyline"
              .formatted(PROTOCOL, worker.protocol()));
    }
    if (!worker.build().equals(build)) {
      return Optional.of(
          "this coordinator is build %s and the worker %s: install the same build on both"
              .formatted(build, worker.build()));
    }
    if (!worker.catalogDigest().equals(catalogDigest)) {
      return Optional.of(
          "the worker's catalog of spaces differs from this coordinator's (%s, here %s):"
                  .formatted(worker.catalogDigest(), catalogDigest)
              + " install the same build on both");
    }
    if (!ID.matcher(worker.id()).matches()) {
      return Optional.of("a worker's id has 1 to 64 letters, digits and dashes");
    }
    if (worker.slots() < 1 || worker.slots() > MOST_SLOTS) {
      return Optional.of(
          "a worker has 1 to %,d slots, not %,d".formatted(MOST_SLOTS, worker.slots()));
    }
    if (worker.fingerprint().isEmpty()) {
      return Optional.of("the worker brings no numeric fingerprint");
    }
    return Optional.empty();
  }
}
