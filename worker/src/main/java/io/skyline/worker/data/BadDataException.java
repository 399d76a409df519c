package io.skyline.worker.data;

import java.io.IOException;

/** A prepared split that does not have its digest, or is not what its card says. */
public final class BadDataException extends IOException {
  private static final long serialVersionUID = 1L;

  BadDataException(String message) {
    super(message);
  }
}
