package io.skyline.coordinator.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.config.ControllerSettings;
import io.skyline.coordinator.controller.Controllers;
import io.skyline.coordinator.search.Halving;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableSearchTest {
  private static final List<Target> ACCURACY = Target.parse("maximize acc1");

  private static ControllerSettings controller(String name, Map<String, Double> values) {
    return new ControllerSettings(Controllers.named(name).orElseThrow(), values);
  }

  @Test
  void theSameSeedVisitsTheSameRowsOnceEach() {
    NetworkTable table = Tables.read("macro", ACCURACY);
    ControllerSettings evolution = controller("evolution", Map.of());

    int[] rows = new TableSearch(table, ACCURACY, 1).run(evolution, 3, 120).rows();
    assertThat(rows).hasSize(120).doesNotHaveDuplicates();
    assertThat(new TableSearch(table, ACCURACY, 1).run(evolution, 3, 120).rows()).isEqualTo(rows);
    assertThat(new TableSearch(table, ACCURACY, 1).run(evolution, 4, 120).rows())
        .isNotEqualTo(rows);
    int[] apart = new TableSearch(table, ACCURACY, 8).run(evolution, 3, 120).rows();
    // until the first outcome matters, proposals are the same
    assertThat(Arrays.copyOf(apart, 20)).isEqualTo(Arrays.copyOf(rows, 20));
    assertThat(apart).isNotEqualTo(rows);
  }

  @Test
  void whatNoRowListsCostsNothing() {
    List<Target> targets = Target.parse("maximize acc");
    NetworkTable table = Tables.read("naap440", targets);

    int[] rows =
        new TableSearch(table, targets, 1).run(controller("nsga2", Map.of()), 1, 440).rows();
    assertThat(rows).hasSize(440).doesNotHaveDuplicates();
    assertThat(table.space().size().intValueExact()).isGreaterThan(440);
  }

  /** Means and deviations as published for other implementations of the same methods. */
  @ParameterizedTest
  @CsvSource({
    "cells, val1, random, 20, 5, 100, .651, .248, 100",
    "cells, val1, random, 20, 5, 200, .505, .207, 100",
    "cells, val1, evolution, 20, 5, 100, .240, .212, 100",
    "cells, val1, evolution, 20, 5, 200, .082, .089, 100",
    "cells, val1, evolution, 50, 10, 100, .290, .224, 100",
    "cells, val1, evolution, 50, 10, 200, .076, .112, 100",
    "macro, acc1, random, 20, 5, 100, .377, .150, 100",
    "macro, acc1, random, 20, 5, 200, .301, .133, 100",
    "macro, acc1, evolution, 20, 5, 100, .121, .119, 100",
    "macro, acc1, evolution, 20, 5, 200, .045, .066, 100",
    "macro, acc1, evolution, 50, 10, 100, .156, .126, 100",
    "macro, acc1, evolution, 50, 10, 200, .026, .057, 100",
    "naap440, acc, random, 20, 5, 10, .0310, .0159, 50",
    "naap440, acc, random, 20, 5, 40, .0163, .0095, 50"
  })
  void reachesWhatOthersReachWithTheSameMethod(
      String name,
      String column,
      String controller,
      double population,
      double sample,
      int trials,
      double mean,
      double deviation,
      int seeds) {
    List<Target> targets = Target.parse("maximize " + column);
    NetworkTable table = Tables.read(name, targets);
    Map<String, Double> values =
        controller.equals("random") ? Map.of() : Map.of("population", population, "sample", sample);
    SearchBenchmark benchmark =
        new SearchBenchmark(
            new TableSearch(table, targets, 1),
            TableScore.of(table, targets, Map.of(), List.of()),
            List.of(trials),
            40);

    Spread ours = benchmark.run(controller, controller(controller, values)).get(0).spread();
    // theirs are other seeds, so that the errors add in squares
    double error = Math.hypot(ours.error(), deviation / Math.sqrt(seeds));
    assertThat(Math.abs(ours.mean() - mean)).isLessThan(2.5 * error);
  }

  /** ASHA from a twentieth of a full training, as others run it: 2.59, 1.30, .70 and .28. */
  @Test
  void halvingFindsMoreThanOthersDo() {
    List<Target> targets = Target.parse("maximize acc");
    NetworkTable table = Tables.read("naap440", targets);
    Halving halving = new Halving(Halving.usualFrom(90, 3), 3, 90);
    SearchBenchmark benchmark =
        new SearchBenchmark(
            new TableSearch(table, targets, 1, Optional.of(halving)),
            TableScore.of(table, targets, Map.of(), List.of()),
            List.of(5, 10, 20, 40),
            40);

    List<SearchBenchmark.Result> results = benchmark.run("nsga2", controller("nsga2", Map.of()));
    double[] bars = {.0259, .0130, .0070, .0028};
    for (int i = 0; i < bars.length; i++) {
      assertThat(results.get(i).spread().mean())
          .as(results.get(i).trials() + "x")
          .isLessThan(bars[i]);
    }
  }

  @Test
  void epochsAreWhatHalvingSpends() {
    List<Target> targets = Target.parse("maximize acc");
    NetworkTable table = Tables.read("naap440", targets);
    TableSearch search = new TableSearch(table, targets, 1, Optional.of(new Halving(3, 3, 90)));

    TableSearch.Found found = search.run(controller("random", Map.of()), 1, 10);
    assertThat(found.spent()[0]).isEqualTo(1);
    assertThat(found.spent()[found.spent().length - 1]).isLessThanOrEqualTo(10);
    // nine begin, three go to 9 epochs, one to 27: no second full training before
    assertThat(found.spent()[1]).isGreaterThanOrEqualTo(1 + (27 * 3 + 9 * 6 + 3 * 18 + 63) / 90.);
    assertThat(found.rows()).doesNotHaveDuplicates();
  }

  /** Random search and evolution are at .38 and .12 there. */
  @Test
  void theSurrogateFindsTheBestOfSixThousandInAHundredTrials() {
    NetworkTable table = Tables.read("macro", ACCURACY);
    SearchBenchmark benchmark =
        new SearchBenchmark(
            new TableSearch(table, ACCURACY, 1),
            TableScore.of(table, ACCURACY, Map.of(), List.of()),
            List.of(100),
            10);

    Spread regret = benchmark.run("surrogate", controller("surrogate", Map.of())).get(0).spread();
    assertThat(regret.mean()).isLessThan(.01);
  }
}
