package io.skyline.coordinator.benchmark;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The tables that tests bring along. */
final class Tables {
  private Tables() {}

  /** A table with the columns of these targets and others. */
  static NetworkTable read(String name, List<Target> targets, String... others) {
    Set<String> columns = new LinkedHashSet<>(List.of(others));
    targets.forEach(target -> columns.add(target.column()));
    return TableReader.read(file(name), Optional.empty(), columns);
  }

  static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(Tables.class.getResource("/nas/" + name + ".csv.gz")).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
