package io.skyline.coordinator.benchmark;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The published tables, which are too large to bring along: they are looked for in the folder that
 * the variable SKYLINE_NAS_TABLES names, or beside this repository. Tests of them are skipped where
 * they are not.
 */
final class Tables {
  private static final Path FOLDER =
      Path.of(
          Objects.requireNonNullElse(System.getenv("SKYLINE_NAS_TABLES"), "../../shared/data/nas"));

  /**
   * NAS-Bench-201 (Dong and Yang 2020), NAS-Bench-Macro (Su et al. 2021), NAAP-440 (Hakim 2022).
   */
  private static final Map<String, String> FILES =
      Map.of(
          "cells", "nasbench201_cifar10.csv",
          "macro", "nasbench_macro.csv",
          "naap440", "naap440_curves.csv");

  private Tables() {}

  /** A table with the columns of these targets and others. */
  static NetworkTable read(String name, List<Target> targets, String... others) {
    Set<String> columns = new LinkedHashSet<>(List.of(others));
    targets.forEach(target -> columns.add(target.column()));
    return TableReader.read(file(name), Optional.empty(), columns);
  }

  static Path file(String name) {
    Path file = FOLDER.resolve(Objects.requireNonNull(FILES.get(name)));
    assumeTrue(Files.exists(file), () -> file + " is not here");
    return file;
  }
}
