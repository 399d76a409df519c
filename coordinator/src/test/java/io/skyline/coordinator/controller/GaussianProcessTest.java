package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.space.Decision;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class GaussianProcessTest {
  private static final SearchSpace SPACE =
      new SearchSpace(
          "mixed",
          List.of(
              decision("a", Decision.Kind.CATEGORICAL, 4, Optional.empty()),
              decision("b", Decision.Kind.ORDINAL, 6, Optional.empty()),
              decision("c", Decision.Kind.CATEGORICAL, 3, Optional.empty()),
              decision(
                  "d",
                  Decision.Kind.ORDINAL,
                  3,
                  Optional.of(new Decision.When("a", Set.of("1", "2"))))));
  private static final GenomeKernel KERNEL = new GenomeKernel(SPACE);

  private static Decision decision(
      String name, Decision.Kind kind, int count, Optional<Decision.When> when) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      values.add(String.valueOf(i));
    }
    return new Decision(name, kind, values, when);
  }

  private static List<int[]> codes(int count, long seed) {
    RandomGenerator random = Draws.of(seed, 1);
    Set<String> seen = new HashSet<>();
    List<int[]> codes = new ArrayList<>();
    while (codes.size() < count) {
      Genome genome = SPACE.sample(random);
      if (seen.add(genome.text())) {
        codes.add(KERNEL.code(genome));
      }
    }
    return codes;
  }

  private static double[] values(List<int[]> codes) {
    return codes.stream()
        .mapToDouble(c -> 2 * (c[0] == 2 ? 1 : 0) + .3 * c[1] + (c[2] == 1 && c[1] > 3 ? 1 : 0))
        .toArray();
  }

  private static double[] parameters() {
    double[] parameters = KERNEL.prior();
    for (int i = 0; i < parameters.length; i++) {
      parameters[i] += .3 * Math.sin(7 * i);
    }
    return parameters;
  }

  private static GaussianProcess process(double[] parameters, List<int[]> codes) {
    return new GaussianProcess(KERNEL.with(parameters), codes, values(codes), new double[0][]);
  }

  @Test
  void inactiveDecisionsHaveAValueOfTheirOwn() {
    assertThat(KERNEL.code(SPACE.genome(0, 5, 2, 1))).containsExactly(0, 5, 2, 3);
    assertThat(KERNEL.code(SPACE.genome(1, 5, 2, 1))).containsExactly(1, 5, 2, 1);
  }

  @Test
  void theGradientIsThatOfTheLikelihood() {
    List<int[]> codes = codes(25, 1);
    double[] at = parameters();
    double[] gradient = process(at, codes).logLikelihoodGradient();
    for (int i = 0; i < at.length; i++) {
      double[] up = at.clone();
      double[] down = at.clone();
      up[i] += 1e-5;
      down[i] -= 1e-5;
      double slope =
          (process(up, codes).logLikelihood() - process(down, codes).logLikelihood()) / 2e-5;
      assertThat(gradient[i]).as("parameter %d", i).isCloseTo(slope, within(1e-5));
    }
  }

  @Test
  void aFittedProcessForetellsWhatItHasNotSeen() {
    List<int[]> all = codes(110, 2);
    List<int[]> known = all.subList(0, 60);
    double[] truth = values(all.subList(60, 110));
    GaussianProcess process =
        new GaussianProcess(
            KernelFit.of(KERNEL, known, values(known)), known, values(known), new double[0][]);

    double[] means = process.forecast(all.subList(60, 110)).means();
    double error = 0;
    for (int i = 0; i < truth.length; i++) {
      error += Math.abs(means[i] - truth[i]) / truth.length;
    }
    // values lie between 0 and 4.5
    assertThat(error).isLessThan(.2);
    assertThat(process.forecast(known).deviations()[5])
        .isLessThan(.5 * process.forecast(all.subList(60, 110)).deviations()[5]);
  }

  @Test
  void outlinesHaveTheSameMeansAndNeverLessDeviation() {
    List<int[]> all = codes(80, 3);
    GaussianProcess process = process(parameters(), all.subList(0, 40));
    GaussianProcess.Forecast exact = process.forecast(all.subList(40, 80));
    GaussianProcess.Forecast outline = process.outline(all.subList(40, 80));
    for (int i = 0; i < 40; i++) {
      assertThat(outline.means()[i]).isCloseTo(exact.means()[i], within(1e-9));
      assertThat(outline.deviations()[i]).isGreaterThanOrEqualTo(exact.deviations()[i] - 1e-12);
    }
  }

  @Test
  void aFactorThatGrewHasTheBitsOfOneMadeAtOnce() {
    List<int[]> codes = codes(50, 4);
    double[][] first = process(parameters(), codes.subList(0, 30)).factor();
    GaussianProcess grown =
        new GaussianProcess(KERNEL.with(parameters()), codes, values(codes), first);
    assertThat(grown.factor()).isDeepEqualTo(process(parameters(), codes).factor());
  }

  @Test
  void warpingsAreChosenByLikelihood() {
    List<int[]> codes = codes(60, 5);
    double[] plain = codes.stream().mapToDouble(c -> 2 * (c[0] == 2 ? 1 : 0) + .3 * c[1]).toArray();
    GenomeKernel.Fitted kernel = KernelFit.of(KERNEL, codes, plain);
    Warping.Likelihood likelihood =
        warped -> new GaussianProcess(kernel, codes, warped, new double[0][]).logLikelihood();
    assertThat(Warping.of(plain, likelihood).logarithmic()).isFalse();
    double[] steep = Arrays.stream(plain).map(value -> Math.exp(2 * value)).toArray();
    assertThat(Warping.of(steep, likelihood).logarithmic()).isTrue();
  }
}
