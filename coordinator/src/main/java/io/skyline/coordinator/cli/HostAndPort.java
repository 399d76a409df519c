package io.skyline.coordinator.cli;

import io.skyline.scorecard.BadInputException;

/** An address as users write it: {@code host:port}, {@code [::1]:port}. */
record HostAndPort(String host, int port) {
  /**
   * Reads one.
   *
   * @throws BadInputException if it is none
   */
  static HostAndPort parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon > 0 && text.substring(colon + 1).matches("[0-9]{1,5}")) {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port <= 65_535) {
        return new HostAndPort(text.substring(0, colon).replaceAll("[\\[\\]]", ""), port);
      }
    }
    throw new NotAnAddressException(
        "'" + text + "' is no address; write HOST:PORT, such as localhost:7070");
  }

  private static final class NotAnAddressException extends BadInputException {
    private static final long serialVersionUID = 1L;

    NotAnAddressException(String message) {
      super(message);
    }
  }
}
