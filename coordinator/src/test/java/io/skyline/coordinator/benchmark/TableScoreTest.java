package io.skyline.coordinator.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The golden numbers of the definitions that published optimisers were measured by
 * (docs/benchmarks/search.md): of the first rows of a table, in the file's order.
 */
class TableScoreTest {
  private static int[] first(int count) {
    return IntStream.range(0, count).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "cells, val1, test, 50, .6480, 93.6033",
    "cells, val1, test, 500, .2920, 94.3000",
    "macro, acc1, mean_acc, 50, 7.6700, 85.3500",
    "macro, acc1, mean_acc, 500, 3.1300, 89.8500"
  })
  void regretAndTestAccuracyOfTheIncumbent(
      String name, String column, String test, int count, double regret, double accuracy) {
    List<Target> targets = Target.parse("maximize " + column);
    NetworkTable table = Tables.read(name, targets, test);

    List<TableScore> scores = TableScore.of(table, targets, Map.of(), List.of(test));
    assertThat(scores.get(0).measure().of(first(count))).isCloseTo(regret, within(5e-5));
    assertThat(scores.get(1).measure().of(first(count))).isCloseTo(accuracy, within(5e-5));
  }

  @ParameterizedTest
  @CsvSource({
    "macro, acc1, 85, flops, 50, .071529, .859148",
    "macro, acc1, 85, flops, 500, .644110, .949231",
    "macro, acc1, 85, params, 50, .044747, .793363",
    "macro, acc1, 85, params, 500, .550239, .912440",
    "cells, val1, 80, latency_raspi4_ms, 50, .916947, .986329",
    "cells, val1, 80, latency_raspi4_ms, 500, .962650, .992621"
  })
  void hypervolumes(
      String name,
      String column,
      double reference,
      String cost,
      int count,
      double box,
      double loose) {
    List<Target> targets = Target.parse("maximize " + column + ", minimize " + cost);
    NetworkTable table = Tables.read(name, targets);

    List<TableScore> scores = TableScore.of(table, targets, Map.of(column, reference), List.of());
    assertThat(scores.get(0).measure().of(first(count))).isCloseTo(box, within(5e-7));
    assertThat(scores.get(1).measure().of(first(count))).isCloseTo(loose, within(5e-7));
  }
}
