package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.scorecard.Measurement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RuntimeTuningTest {
  private static RuntimeFigures figures(int threads, int batch, int streams, double... rates) {
    return new RuntimeFigures(
        new RuntimeSetting(threads, batch, streams), Arrays.stream(rates).boxed().toList());
  }

  private static List<RuntimeSetting> settings(int... threadsAndStreams) {
    return java.util.stream.IntStream.range(0, threadsAndStreams.length / 2)
        .mapToObj(
            i -> new RuntimeSetting(threadsAndStreams[2 * i], 1, threadsAndStreams[2 * i + 1]))
        .toList();
  }

  @Test
  void theBestIsTheHighestMedianAmongThoseMeasuredInEveryRound() {
    RuntimeFigures lucky = figures(1, 1, 1, 990);
    RuntimeFigures second = figures(1, 8, 1, 700, 710, 2000);
    RuntimeFigures best = figures(1, 8, 2, 900, 100, 905);
    RuntimeFigures equal = figures(2, 8, 1, 900, 900, 900);
    RuntimeTuning tuning = new RuntimeTuning(2, List.of(lucky, second, best, equal));

    assertThat(tuning.best()).isEqualTo(best);
    assertThat(tuning.throughput().value()).isEqualTo(900);
  }

  @Test
  void fewRoundsOrUnsteadyOnesAreNotReliedOn() {
    Measurement steady =
        new RuntimeTuning(1, List.of(figures(1, 1, 1, 100, 101, 99, 100, 102))).throughput();
    assertThat(steady).isEqualTo(new Measurement(100, 0.02, true));
    assertThat(new RuntimeTuning(1, List.of(figures(1, 1, 1, 100, 101, 99, 100))).throughput())
        .extracting(Measurement::confident)
        .isEqualTo(false);
    Measurement unsteady =
        new RuntimeTuning(1, List.of(figures(1, 1, 1, 80, 90, 100, 110, 120))).throughput();
    assertThat(unsteady.confident()).isFalse();
    assertThat(unsteady.tolerance()).isCloseTo(0.2, within(1e-9));
  }

  @Test
  void threadsAndStreamsKeepNoMoreCoresBusyThanThereAre() {
    assertThat(RuntimeSetting.onCores(1)).isEqualTo(settings(1, 1));
    assertThat(RuntimeSetting.onCores(2)).isEqualTo(settings(1, 1, 1, 2, 2, 1));
    assertThat(RuntimeSetting.onCores(3)).isEqualTo(settings(1, 1, 1, 3, 2, 2, 3, 1, 1, 2, 2, 1));
    for (int cores : new int[] {4, 6, 64, 100}) {
      List<RuntimeSetting> all = RuntimeSetting.onCores(cores);
      assertThat(all).doesNotHaveDuplicates().allMatch(setting -> setting.cores() <= cores);
      assertThat(all).contains(new RuntimeSetting(cores, 1, 1), new RuntimeSetting(1, 1, cores));
    }
  }

  @Test
  void batchesFitIntoMemory() {
    RuntimeSetting two = new RuntimeSetting(1, 1, 2);
    assertThat(two.batches(1_000)).extracting(RuntimeSetting::batch).endsWith(32, 64).hasSize(7);
    assertThat(two.batches(20)).extracting(RuntimeSetting::batch).containsExactly(1, 2, 4, 8);
    assertThat(two.batches(0)).containsExactly(two);
  }
}
