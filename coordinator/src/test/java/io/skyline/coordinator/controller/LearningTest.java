package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Hypervolume;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Controllers that learn find more than chance does, by the median over fixed seeds. */
class LearningTest {
  private static final int SEEDS = 21;
  private static final int TRIALS = 150;

  @ParameterizedTest
  @ValueSource(strings = {"evolution", "nsga2", "reinforce"})
  void findsAHigherAccuracyThanChance(String name) {
    double chance = median("random", Spaces.ACCURACY, LearningTest::best);
    assertThat(median(name, Spaces.ACCURACY, LearningTest::best)).isGreaterThan(chance + .1);
  }

  private static double best(List<Scorecard> trials) {
    return trials.stream()
        .mapToDouble(scores -> scores.value(Metric.ACCURACY).orElseThrow())
        .max()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"evolution", "nsga2", "reinforce"})
  void findsAFrontierOfMoreVolumeThanChance(String name) {
    double chance = median("random", Spaces.TWO, LearningTest::volume);
    assertThat(median(name, Spaces.TWO, LearningTest::volume)).isGreaterThan(chance + .03);
  }

  /** In 50 trials more than evolution and NSGA-II have to find in 150. */
  @Test
  void theSurrogateNeedsAThirdOfTheTrials() {
    assertThat(median("surrogate", Spaces.ACCURACY, LearningTest::best, 5, 50))
        .isGreaterThan(median("random", Spaces.ACCURACY, LearningTest::best) + .1);
    assertThat(median("surrogate", Spaces.TWO, LearningTest::volume, 5, 50))
        .isGreaterThan(median("random", Spaces.TWO, LearningTest::volume) + .03);
  }

  private static double volume(List<Scorecard> trials) {
    return Hypervolume.of(trials.stream().map(LearningTest::shares).toList());
  }

  private static double[] shares(Scorecard scores) {
    return new double[] {
      1 - scores.value(Metric.ACCURACY).orElseThrow(),
      scores.value(Metric.MACS).orElseThrow() / 40_000
    };
  }

  private static double median(
      String name, Goals goals, ToDoubleFunction<List<Scorecard>> quality) {
    return median(name, goals, quality, SEEDS, TRIALS);
  }

  private static double median(
      String name, Goals goals, ToDoubleFunction<List<Scorecard>> quality, int seeds, int trials) {
    double[] values = new double[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      values[seed] = quality.applyAsDouble(run(name, goals, seed, trials));
    }
    Arrays.sort(values);
    return values[seeds / 2];
  }

  private static List<Scorecard> run(String name, Goals goals, long seed, int trials) {
    SearchSpace space = Spaces.wide();
    Controller controller =
        Controllers.named(name).orElseThrow().create(Map.of(), space, goals, seed);
    List<Scorecard> scores = new ArrayList<>();
    for (long step = 1; step <= trials; step++) {
      Genome genome = controller.propose(step, Pending.NONE).genome();
      scores.add(Spaces.value(genome));
      controller.observe(new Outcome.Scored(step, genome, Spaces.value(genome)));
    }
    return scores;
  }
}
