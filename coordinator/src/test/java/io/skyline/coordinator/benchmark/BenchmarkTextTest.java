package io.skyline.coordinator.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.benchmark.SearchBenchmark.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkTextTest {
  private static final TableScore REGRET = new TableScore("regret, acc", false, rows -> 0);
  private static final List<Result> RESULTS =
      List.of(
          new Result("random", REGRET, 50, Spread.of(new double[] {1, 2, 3})),
          new Result("random", REGRET, 100, Spread.of(new double[] {1, 1, 1})),
          new Result("evolution", REGRET, 50, Spread.of(new double[] {1, 2, 2})),
          new Result("evolution", REGRET, 100, Spread.of(new double[] {.5, .5, .5})));

  @Test
  void spreadsAreMeanDeviationAndErrorOfTheMean() {
    Spread spread = Spread.of(new double[] {1, 2, 3, 6});
    assertThat(spread.mean()).isEqualTo(3);
    assertThat(spread.deviation()).isEqualTo(Math.sqrt(14. / 4));
    assertThat(spread.error()).isEqualTo(Math.sqrt(14. / 3 / 4));
    assertThat(Spread.of(new double[] {7}).error()).isZero();
  }

  @Test
  void tablesCompareWithTheFirstController() {
    assertThat(BenchmarkText.tables(RESULTS))
        .isEqualTo(
            """
            regret, acc (less is better): mean +- deviation over the seeds (standard error)
               trials                         50                        100
               random  2.0000 +- 0.8165 (0.5774)  1.0000 +- 0.0000 (0.0000)
            evolution  1.6667 +- 0.4714 (0.3333)  0.5000 +- 0.0000 (0.0000)

            less random: difference (standard error), judged from two standard errors on
               trials                       50                      100
            evolution  -0.3333 (0.6667)   same  -0.5000 (0.0000) better
            """);
  }

  @Test
  void csvHasARowForEach() {
    assertThat(BenchmarkText.csv(RESULTS, 3).lines())
        .hasSize(5)
        .contains(
            "controller,score,trials,seeds,mean,deviation,standard_error,difference,"
                + "difference_error",
            "random,\"regret, acc\",50,3,2.0000,0.8165,0.5774,,",
            "evolution,\"regret, acc\",100,3,0.5000,0.0000,0.0000,-0.5000,0.0000");
  }
}
