package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.coordinator.search.Dominance;
import io.skyline.coordinator.search.Hypervolume;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpectedImprovementTest {
  private static double of(ExpectedImprovement improvement, double[] means, double deviation) {
    double[][] gains = new double[means.length][];
    for (int i = 0; i < means.length; i++) {
      gains[i] = Normal.expectedGains(improvement.levels(i), means[i], deviation);
    }
    return improvement.of(gains);
  }

  private static List<double[]> front(int objectives, SplittableRandom random) {
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      double[] point = new double[objectives];
      Arrays.setAll(point, axis -> random.nextDouble(1.1));
      if (points.stream().noneMatch(p -> dominatesEitherWay(p, point))) {
        points.add(point);
      }
    }
    return points;
  }

  private static boolean dominatesEitherWay(double[] a, double[] b) {
    return Dominance.dominates(a, b) || Dominance.dominates(b, a);
  }

  /** Against the mean over draws of what a point adds to the exact hypervolume. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void isTheMeanOfWhatDrawsAddToTheHypervolume(int objectives) {
    SplittableRandom random = new SplittableRandom(objectives);
    List<double[]> front = front(objectives, random);
    double[] reference = new double[objectives];
    Arrays.fill(reference, 1);
    ExpectedImprovement improvement = new ExpectedImprovement(front, reference);
    double[] center = new double[objectives];
    Arrays.fill(center, .4);
    double sum = 0;
    double before = Hypervolume.of(front);
    int draws = 40_000;
    for (int i = 0; i < draws; i++) {
      double[] point = new double[objectives];
      Arrays.setAll(point, axis -> center[axis] + .3 * random.nextGaussian());
      List<double[]> with = new ArrayList<>(front);
      with.add(point);
      sum += Hypervolume.of(with) - before;
    }
    assertThat(of(improvement, center, .3))
        .as("seed %d", objectives)
        .isCloseTo(sum / draws, within(.03 * sum / draws + 1e-4));
  }

  /** A front of three objectives, more than are kept, whose ends no stride meets. */
  private static List<double[]> manyPoints() {
    SplittableRandom random = new SplittableRandom(7);
    List<double[]> points = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      double a = random.nextDouble();
      double b = random.nextDouble();
      points.add(new double[] {a, b, 2 - a - b});
    }
    return points;
  }

  @Test
  void aThinnedFrontKeepsTheBestOfEachObjective() {
    List<double[]> front = manyPoints();
    ExpectedImprovement improvement = new ExpectedImprovement(front, new double[] {3, 3, 3});
    for (int axis = 0; axis < 3; axis++) {
      int i = axis;
      double least = front.stream().mapToDouble(point -> point[i]).min().orElseThrow();
      assertThat(improvement.levels(axis)[0]).isEqualTo(least);
      assertThat(improvement.levels(axis)).hasSizeBetween(100, 150);
    }
  }

  @Test
  void whatLiesBeyondTheReferenceTakesNoPlaceInAThinnedFront() {
    List<double[]> front = manyPoints();
    long inside = front.stream().filter(point -> point[0] < .2).count();
    ExpectedImprovement improvement = new ExpectedImprovement(front, new double[] {.2, 3, 3});
    assertThat(improvement.levels(0)).hasSize((int) inside + 1);
  }

  @Test
  void withoutAFrontEverythingBelowTheReferenceIsGain() {
    ExpectedImprovement improvement = new ExpectedImprovement(List.of(), new double[] {1, 2});
    assertThat(of(improvement, new double[] {.5, 1}, 1e-6)).isCloseTo(.5, within(1e-6));
  }

  @Test
  void theCumulativeNormalIsAccurateToItsTails() {
    assertThat(Normal.cumulative(0)).isCloseTo(.5, within(1e-7));
    assertThat(Normal.cumulative(1.959963985)).isCloseTo(.975, within(1e-7));
    assertThat(Normal.cumulative(-6) / 9.865876e-10).isCloseTo(1, within(1e-6));
    assertThat(Normal.density(1)).isCloseTo(.2419707, within(1e-7));
  }
}
