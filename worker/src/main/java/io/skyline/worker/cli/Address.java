package io.skyline.worker.cli;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a coordinator listens. */
record Address(String host, int port) {
  private static final Pattern TEXT =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:\\[\\]\\s]+):(\\d{1,5})");

  /** Reads {@code HOST:PORT}; an IPv6 address stands in brackets. */
  static Optional<Address> parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(matcher.group(2));
    return port >= 1 && port <= 65535
        ? Optional.of(new Address(matcher.group(1), port))
        : Optional.empty();
  }
}
