package io.skyline.coordinator.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.benchmark.SearchBenchmark.Result;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BenchmarkTextTest {
  private static final TableScore REGRET =
      new TableScore("regret, acc", Optional.of(false), rows -> 0);
  private static final List<Result> RESULTS =
      List.of(
          result(REGRET, "random", 50, 1, 2, 3),
          result(REGRET, "random", 100, 1, 1, 1),
          result(REGRET, "evolution", 50, .5, 1.75, 2),
          result(REGRET, "evolution", 100, .5, .5, .5));

  private static Result result(TableScore score, String controller, int trials, double... values) {
    return new Result(controller, score, trials, trials, Arrays.stream(values).boxed().toList());
  }

  @Test
  void spreadsAreMeanDeviationAndErrorOfTheMean() {
    Spread spread = Spread.of(new double[] {1, 2, 3, 6});
    assertThat(spread.mean()).isEqualTo(3);
    assertThat(spread.deviation()).isEqualTo(Math.sqrt(14. / 4));
    assertThat(spread.error()).isEqualTo(Math.sqrt(14. / 3 / 4));
    assertThat(Spread.of(new double[] {7}).error()).isZero();
  }

  /** The differences are .5, .25 and 1; as of other seeds they would have an error of .74. */
  @Test
  void tablesCompareWithTheFirstControllerSeedBySeed() {
    assertThat(BenchmarkText.tables(RESULTS))
        .isEqualTo(
            """
            regret, acc (less is better): mean +- deviation over the seeds (standard error)
               trials                      50                     100
               random  2.000 +- 0.816 (0.577)  1.000 +- 0.000 (0.000)
            evolution  1.417 +- 0.656 (0.464)  0.500 +- 0.000 (0.000)

            less random: difference seed by seed (standard error), judged from two standard errors on
               trials                     50                    100
            evolution  -0.583 (0.220) better  -0.500 (0.000) better
            """);
  }

  @Test
  void aSingleSeedIsNotJudged() {
    List<Result> single = List.of(result(REGRET, "a", 50, 2), result(REGRET, "b", 50, 1));
    assertThat(BenchmarkText.tables(single))
        .contains("b  -1.000 (0.000)\n")
        .doesNotContain("better\n", "judged");
  }

  @Test
  void aReportHasNoDirection() {
    TableScore report = new TableScore("params of the incumbent", Optional.empty(), rows -> 0);
    List<Result> results =
        List.of(
            result(report, "a", 50, 123_456_789, 123_456_700),
            result(report, "b", 50, 123_450_000, 123_450_001));
    assertThat(BenchmarkText.tables(results))
        .contains("params of the incumbent: mean", "a  123456745 +- 45 (45)", "b  -6744 (45)")
        .doesNotContain("better", "worse", "judged");
  }

  @Test
  void smallNumbersHaveTheirDigits() {
    List<Result> results = List.of(result(REGRET, "a", 50, 1.5e-7, 2.5e-7));
    assertThat(BenchmarkText.tables(results)).contains("a  0.0000002000 +- 0.0000000500");
  }

  @Test
  void tellsOfSearchesThatEndedEarly() {
    Result all = result(REGRET, "a", 2, 1, 1);
    Result few = new Result("a", REGRET, 50, 31.5, List.of(1., 1.));
    assertThat(BenchmarkText.tables(List.of(all, few)))
        .endsWith("a found no more than 31.5 networks at 50 trials, on average\n")
        .doesNotContain("at 2 trials");
  }

  @Test
  void csvHasARowForEachInFullPrecision() {
    assertThat(BenchmarkText.csv(RESULTS).lines())
        .hasSize(5)
        .contains(
            "controller,score,trials,seeds,found,mean,deviation,standard_error,difference,"
                + "difference_error",
            "random,\"regret, acc\",50,3,50,2,0.816496580927726,0.577350269189626,,",
            "evolution,\"regret, acc\",100,3,100,0.5,0,0,-0.5,0");
  }
}
