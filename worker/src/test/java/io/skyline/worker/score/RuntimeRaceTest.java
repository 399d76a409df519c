package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The race on machines whose figures are known, and whose clock is a counter. */
class RuntimeRaceTest {
  private static final Duration TIME = Duration.ofSeconds(2);

  private final List<RuntimeSetting> runs = new ArrayList<>();
  private long clock;

  private List<RuntimeFigures> race(int cores, ToDoubleFunction<RuntimeSetting> machine) {
    RuntimeRace.Rates rates =
        (setting, nanos) -> {
          runs.add(setting);
          double rate = machine.applyAsDouble(setting);
          long run = Math.round(setting.examples() / rate * 1e9);
          clock += Math.max(1, (nanos + run - 1) / run) * run;
          return rate;
        };
    return new RuntimeRace(rates, () -> clock, TIME).run(RuntimeSetting.onCores(cores), 4096);
  }

  /** Gains from batches up to 16, and loses beyond. */
  private static double machine(RuntimeSetting setting) {
    double batch = Math.min(setting.batch(), 16);
    double cached = setting.batch() > 16 ? 0.6 : 1;
    return 1000 * cached * (1 + 0.1 * batch) * Math.pow(setting.streams(), 0.9);
  }

  @Test
  void findsTheFastestWithinItsTimeThoughTheMachineIsNoisy() {
    Random noise = new Random(7);
    List<RuntimeFigures> tried =
        race(4, setting -> machine(setting) * (1 + 0.05 * noise.nextGaussian()));

    RuntimeFigures best = new RuntimeTuning(4, tried).best();
    assertThat(best.setting()).isEqualTo(new RuntimeSetting(1, 16, 4));
    assertThat(best.rounds()).isGreaterThanOrEqualTo(5);
    assertThat(clock).isBetween(1_000_000_000L, 2_100_000_000L);
  }

  @Test
  void theHopelessAreMeasuredOnceAndWhatIsInTheRaceIsInterleaved() {
    // eight examples a run are nearly as fast as sixteen
    List<RuntimeFigures> tried =
        race(2, s -> s.batch() == 8 ? 0.97 * machine(s.withBatch(16)) : machine(s));

    RuntimeSetting best = new RuntimeSetting(1, 16, 2);
    assertThat(tried)
        .filteredOn(f -> f.median() < 0.6 * machine(best))
        .isNotEmpty()
        .allMatch(f -> f.rounds() == 1);
    RuntimeFigures winner = new RuntimeTuning(2, tried).best();
    assertThat(winner.setting()).isEqualTo(best);
    assertThat(Collections.frequency(runs, best)).isEqualTo(winner.rounds() + 1);
    List<RuntimeSetting> last = runs.subList(runs.size() - 6, runs.size());
    RuntimeSetting second = best.withBatch(8);
    assertThat(last).containsExactly(second, best, second, best, second, best);
  }

  @Test
  void whoIsAloneNeedsNoMoreTime() {
    List<RuntimeFigures> tried = race(1, s -> s.batch() == 4 ? 5000 : 1000);

    assertThat(new RuntimeTuning(1, tried).best().rounds()).isEqualTo(9);
    assertThat(clock).isLessThan(TIME.toNanos() / 2);
  }

  @Test
  void aModelThatTakesASecondIsRunAFewTimesOnly() {
    List<RuntimeFigures> tried = race(2, setting -> setting.streams());

    RuntimeSetting both = new RuntimeSetting(1, 1, 2);
    assertThat(tried)
        .extracting(RuntimeFigures::setting)
        .containsExactly(RuntimeSetting.PLAIN, both);
    assertThat(new RuntimeTuning(2, tried).best())
        .returns(both, RuntimeFigures::setting)
        .returns(3, RuntimeFigures::rounds);
    assertThat(runs).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({"4, 1", "4, 20", "16, 2", "16, 50", "32, 5"})
  void allCoresAreTriedHoweverSlowTheModelIs(int cores, double millis) {
    List<RuntimeFigures> tried = race(cores, setting -> setting.streams() * 1000 / millis);
    assertThat(new RuntimeTuning(cores, tried).best().median())
        .isEqualTo(cores * 1000 / millis, within(1e-6));
  }

  @Test
  void largerBatchesAreNotTriedWhereOneRunWouldTakeTooLong() {
    List<RuntimeFigures> tried = race(1, setting -> 50);

    // 200 ms a run at most: 8 examples take 160
    assertThat(tried).extracting(figures -> figures.setting().batch()).containsExactly(1, 2, 4, 8);
  }

  @Test
  void whoFallsBehindIsOutAndTheStandardRises() {
    List<RuntimeFigures> racing = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      racing.add(
          new RuntimeFigures(new RuntimeSetting(1, i + 1, 1), List.of(100.0 - (3 * i) % 30)));
    }
    assertThat(RuntimeRace.survivors(racing, 1)).hasSize(10);
    assertThat(RuntimeRace.survivors(racing, 2)).hasSize(9);
    assertThat(RuntimeRace.survivors(racing, 3)).hasSize(4);
    assertThat(RuntimeRace.survivors(racing, 4)).hasSize(2).isSubsetOf(racing);
    assertThat(RuntimeRace.survivors(racing, 9)).isEqualTo(RuntimeRace.survivors(racing, 4));
  }
}
