package io.skyline.coordinator.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class FrontierProperties {
  @Property
  void isTheSameInAnyOrderOfTrials(@ForAll("trials") List<Trial> trials, @ForAll long seed) {
    List<Trial> shuffled = new ArrayList<>(trials);
    Collections.shuffle(shuffled, new Random(seed));
    assertThat(members(shuffled)).isEqualTo(members(trials));
  }

  @Property
  void isIdempotentAndASubset(@ForAll("trials") List<Trial> trials) {
    List<Trial> members = members(trials);
    assertThat(trials).containsAll(members);
    assertThat(members(members)).isEqualTo(members);
  }

  @Property
  void holdsExactlyTheFeasibleTrialsThatNoFeasibleOneDominates(
      @ForAll("trials") List<Trial> trials) {
    List<Trial> feasible =
        trials.stream().filter(trial -> Samples.GOALS.feasible(trial.scorecard())).toList();
    List<Trial> expected =
        feasible.stream()
            .filter(trial -> feasible.stream().noneMatch(other -> dominates(other, trial)))
            .toList();
    assertThat(members(trials)).isEqualTo(expected);
  }

  @Property
  void dominanceOnTheLatencyGridIsAStrictPartialOrder(@ForAll("trials") List<Trial> trials) {
    for (Trial a : trials) {
      assertThat(dominates(a, a)).isFalse();
      for (Trial b : trials) {
        assertThat(dominates(a, b) && dominates(b, a)).isFalse();
        for (Trial c : trials.subList(0, Math.min(8, trials.size()))) {
          if (dominates(a, b) && dominates(b, c)) {
            assertThat(dominates(a, c)).isTrue();
          }
        }
      }
    }
  }

  @Property
  void hypervolumeNeverFallsAndLiesBetweenZeroAndOne(@ForAll("trials") List<Trial> trials) {
    double before = 0;
    Frontier frontier = Frontier.empty(Samples.GOALS);
    double[] curve = HypervolumeCurve.of(Samples.GOALS, trials);
    for (int i = 0; i < curve.length; i++) {
      frontier = frontier.plus(trials.get(i));
      assertThat(curve[i]).isEqualTo(frontier.hypervolume()).isBetween(before - 1e-12, 1.);
      before = curve[i];
    }
  }

  @Example
  void noiseBelowTheGridNeitherBuysAPlaceNorCostsOne() {
    // 101 and 102 us share a cell of the 5 % grid, 112 us lies two cells above
    Trial accurate = Samples.trial(1, Samples.scores(.9, 102, 500));
    Trial lucky = Samples.trial(2, Samples.scores(.8, 101, 500));
    Trial slow = Samples.trial(3, Samples.scores(.91, 112, 500));
    assertThat(members(List.of(accurate, lucky, slow))).containsExactly(accurate, slow);
  }

  @Example
  void leavesOutWhatLacksANumberOrBreaksALimit() {
    Trial heavy = Samples.trial(1, Samples.scores(.99, 100, 1001));
    Trial unmeasured =
        Samples.trial(
            2,
            new io.skyline.scorecard.Scorecard(
                java.util.Map.of(
                    io.skyline.scorecard.Metric.ACCURACY,
                    io.skyline.scorecard.Measurement.exact(1))));
    Trial fine = Samples.trial(3, Samples.scores(.5, 100, 1000));
    assertThat(members(List.of(heavy, unmeasured, fine))).containsExactly(fine);
  }

  private static List<Trial> members(List<Trial> trials) {
    return Frontier.of(Samples.GOALS, trials).members();
  }

  private static boolean dominates(Trial a, Trial b) {
    return Dominance.dominates(Samples.costs(a).orElseThrow(), Samples.costs(b).orElseThrow());
  }

  @Provide
  Arbitrary<List<Trial>> trials() {
    return Samples.trials(25);
  }
}
