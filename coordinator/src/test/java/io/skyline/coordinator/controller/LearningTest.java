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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Controllers that learn find more than chance does, by the median over fixed seeds. */
class LearningTest {
  private static final int SEEDS = 21;
  private static final int TRIALS = 150;

  @ParameterizedTest
  @ValueSource(strings = {"evolution", "nsga2", "reinforce"})
  void findsAHigherAccuracyThanChance(String name) {
    ToDoubleFunction<List<Scorecard>> best =
        trials ->
            trials.stream()
                .mapToDouble(scores -> scores.value(Metric.ACCURACY).orElseThrow())
                .max()
                .orElseThrow();
    double chance = median("random", Spaces.ACCURACY, best);
    assertThat(median(name, Spaces.ACCURACY, best)).isGreaterThan(chance + .1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evolution", "nsga2", "reinforce"})
  void findsAFrontierOfMoreVolumeThanChance(String name) {
    ToDoubleFunction<List<Scorecard>> volume =
        trials -> Hypervolume.of(trials.stream().map(LearningTest::shares).toList());
    double chance = median("random", Spaces.TWO, volume);
    assertThat(median(name, Spaces.TWO, volume)).isGreaterThan(chance + .03);
  }

  private static double[] shares(Scorecard scores) {
    return new double[] {
      1 - scores.value(Metric.ACCURACY).orElseThrow(),
      scores.value(Metric.MACS).orElseThrow() / 40_000
    };
  }

  private static double median(
      String name, Goals goals, ToDoubleFunction<List<Scorecard>> quality) {
    double[] values = new double[SEEDS];
    for (int seed = 0; seed < SEEDS; seed++) {
      values[seed] = quality.applyAsDouble(run(name, goals, seed));
    }
    Arrays.sort(values);
    return values[SEEDS / 2];
  }

  private static List<Scorecard> run(String name, Goals goals, long seed) {
    SearchSpace space = Spaces.wide();
    Controller controller =
        Controllers.named(name).orElseThrow().create(Map.of(), space, goals, seed);
    List<Scorecard> scores = new ArrayList<>();
    for (long step = 1; step <= TRIALS; step++) {
      Genome genome = controller.propose(step, Pending.NONE).genome();
      scores.add(Spaces.value(genome));
      controller.observe(new Outcome.Scored(step, genome, Spaces.value(genome)));
    }
    return scores;
  }
}
