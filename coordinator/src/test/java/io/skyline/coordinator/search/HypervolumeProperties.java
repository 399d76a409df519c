package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class HypervolumeProperties {
  @Example
  void matchesKnownValues() {
    assertThat(Hypervolume.of(List.of())).isZero();
    assertThat(volume(new double[] {.25})).isEqualTo(.75);
    assertThat(volume(new double[] {.5, .5})).isEqualTo(.25);
    assertThat(volume(new double[] {0, .5}, new double[] {.5, 0})).isEqualTo(.75);
    assertThat(volume(new double[] {0, 0, 0}, new double[] {.5, .5, .5})).isEqualTo(1);
    // three boxes of a quarter that share one eighth: 3/4 - 3/8 + 1/8
    assertThat(volume(new double[] {0, .5, .5}, new double[] {.5, 0, .5}, new double[] {.5, .5, 0}))
        .isCloseTo(.5, within(1e-15));
    assertThat(volume(new double[] {.5, .5, .5, .5}, new double[] {0, .75, .5, .5}))
        .isCloseTo(.0625 + .0625 - .03125, within(1e-15));
  }

  @Example
  void ignoresWhatLiesOnOrBeyondTheReference() {
    assertThat(volume(new double[] {0, 1}, new double[] {-1, 2})).isZero();
  }

  /** The regular front of the linear problem DTLZ1: 1 less the simplex, in the limit. */
  @Example
  void approachesOneLessTheSimplexOnADenseLinearFront() {
    int divisions = 60;
    List<double[]> front = new ArrayList<>();
    for (int i = 0; i <= divisions; i++) {
      for (int j = 0; j <= divisions - i; j++) {
        front.add(new double[] {i, j, divisions - i - j});
        for (int axis = 0; axis < 3; axis++) {
          front.get(front.size() - 1)[axis] /= divisions;
        }
      }
    }
    // exactly: cells of the grid whose lower corner has a sum of at least `divisions`
    long cells = 0;
    for (int i = 0; i < divisions; i++) {
      for (int j = 0; j < divisions; j++) {
        cells += Math.min(divisions, i + j);
      }
    }
    assertThat(Hypervolume.of(front))
        .isCloseTo(cells / Math.pow(divisions, 3), within(1e-9))
        .isCloseTo(5 / 6., within(.02));
  }

  @Property(tries = 60)
  void matchesMonteCarlo(@ForAll("fronts") List<double[]> points, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int samples = 20_000;
    int hits = 0;
    int axes = points.get(0).length;
    for (int i = 0; i < samples; i++) {
      double[] sample = random.doubles(axes).toArray();
      hits += points.stream().anyMatch(point -> below(point, sample)) ? 1 : 0;
    }
    // six standard deviations of the estimate
    assertThat(Hypervolume.of(points)).isCloseTo((double) hits / samples, within(.0213));
  }

  @Property
  void isTheSameInAnyOrder(@ForAll("fronts") List<double[]> points, @ForAll long seed) {
    List<double[]> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(Hypervolume.of(shuffled)).isEqualTo(Hypervolume.of(points));
  }

  @Property
  void growsWithEveryPointThatNothingCovers(@ForAll("fronts") List<double[]> points) {
    double before = 0;
    for (int i = 1; i <= points.size(); i++) {
      double[] added = points.get(i - 1);
      double now = Hypervolume.of(points.subList(0, i));
      boolean covered = points.subList(0, i - 1).stream().anyMatch(p -> below(p, added));
      assertThat(now).isGreaterThanOrEqualTo(before - 1e-12);
      if (!covered) {
        assertThat(now).isGreaterThan(before);
      }
      before = now;
    }
  }

  private static boolean below(double[] point, double[] sample) {
    for (int i = 0; i < point.length; i++) {
      if (point[i] > sample[i]) {
        return false;
      }
    }
    return true;
  }

  private static double volume(double[]... points) {
    return Hypervolume.of(List.of(points));
  }

  @Provide
  Arbitrary<List<double[]>> fronts() {
    return Arbitraries.integers()
        .between(1, 5)
        .flatMap(
            axes ->
                Arbitraries.doubles()
                    .between(0, .99)
                    .ofScale(2)
                    .array(double[].class)
                    .ofSize(axes)
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(12));
  }
}
