package io.skyline.coordinator.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.skyline.coordinator.artifact.ArtifactException;
import java.io.IOException;

/** What a caller is told when the store says no. */
final class ArtifactStatus {
  private ArtifactStatus() {}

  static StatusRuntimeException of(IOException failure) {
    Status status =
        failure instanceof ArtifactException refused
            ? switch (refused.kind()) {
              case BAD_NAME -> Status.INVALID_ARGUMENT;
              case MISSING -> Status.NOT_FOUND;
              case MISMATCH, CORRUPT -> Status.DATA_LOSS;
              case FULL -> Status.RESOURCE_EXHAUSTED;
              case IN_USE -> Status.UNAVAILABLE;
            }
            : Status.UNAVAILABLE; // the disk may recover
    return status
        .withDescription(String.valueOf(failure.getMessage()))
        .withCause(failure)
        .asRuntimeException();
  }

  static StatusRuntimeException tooMuch(String limit) {
    return Status.INVALID_ARGUMENT.withDescription(limit).asRuntimeException();
  }
}
