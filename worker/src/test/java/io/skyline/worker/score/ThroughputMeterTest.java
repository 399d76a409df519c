package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Shape;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThroughputMeterTest {
  private static final Shape INPUT = new Shape(1, 28, 28);
  private static final double PEAK_MEMORY = 200_000;

  @TempDir private Path folder;

  private static byte[] network(int width) {
    SampleNetworks net = new SampleNetworks(INPUT);
    net.then(Convolution.same(width, 3, 1));
    net.then(SampleNetworks.RELU);
    net.then(Convolution.same(width, 3, 2));
    net.then(SampleNetworks.RELU);
    net.then(new GlobalAveragePool());
    net.then(new Dense(10, true));
    return OnnxWriter.write(SampleNetworks.drawn(net.architecture(), 1), Encoding.FLOAT32);
  }

  private static Examples examples(int count) {
    byte[] pixels = new byte[Math.toIntExact(count * INPUT.elements())];
    new Random(3).nextBytes(pixels);
    return new Examples(INPUT, pixels, new int[count]);
  }

  private RuntimeTuning tune(byte[] onnx, RuntimeBudget budget) {
    MeasurementLock lock = MeasurementLock.at(folder.resolve("lock"));
    return new ThroughputMeter(lock).tune(onnx, examples(100), budget, PEAK_MEMORY);
  }

  @Test
  void findsASettingThatIsAtLeastAsFastAsOneExampleAtATime() {
    RuntimeTuning tuning =
        tune(network(8), new RuntimeBudget(Duration.ofMillis(600), OptionalInt.empty()));

    Measurement throughput = tuning.throughput();
    assertThat(throughput.value()).isBetween(100.0, 1e8);
    int rounds = tuning.best().rounds();
    assertThat(throughput.value())
        .isEqualTo(
            tuning.tried().stream()
                .filter(figures -> figures.rounds() == rounds)
                .mapToDouble(RuntimeFigures::median)
                .max()
                .orElseThrow());
    RuntimeFigures plain = tuning.tried().get(0);
    assertThat(plain.setting()).isEqualTo(RuntimeSetting.PLAIN);
    assertThat(throughput.value()).isGreaterThan(0.5 * plain.median());
    assertThat(tuning.cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(tuning.tried()).allMatch(f -> f.setting().cores() <= tuning.cores());
  }

  @Test
  void keepsToTheCoresAndTheMemoryThatItIsGiven() {
    byte[] onnx = network(8);
    RuntimeBudget one = new RuntimeBudget(Duration.ofMillis(100), OptionalInt.of(1));
    assertThat(tune(onnx, one).tried())
        .allMatch(f -> f.setting().threads() == 1 && f.setting().streams() == 1);

    ThroughputMeter meter = new ThroughputMeter(MeasurementLock.at(folder.resolve("lock")));
    RuntimeTuning large = meter.tune(onnx, examples(10), one, 100 << 20);
    assertThat(large.tried()).extracting(f -> f.setting().batch()).isSubsetOf(1, 2);
  }

  @Test
  void everySettingAnswersWhatOneExampleAtATimeIsAnswered() {
    List<RuntimeSetting> settings =
        List.of(
            RuntimeSetting.PLAIN,
            new RuntimeSetting(1, 8, 2),
            new RuntimeSetting(2, 8, 1),
            new RuntimeSetting(2, 64, 1));
    try (ParallelRuns runs = new ParallelRuns(network(8), settings, examples(50))) {
      settings.forEach(setting -> assertThat(runs.of(setting, 1_000_000)).isPositive());
      for (RuntimeSetting setting : settings) {
        float[] batch = runs.answers(setting, 1);
        for (int i = 0; i < setting.batch(); i++) {
          float[] alone = runs.answers(RuntimeSetting.PLAIN, setting.batch() + i);
          float[] row = Arrays.copyOfRange(batch, 10 * i, 10 * (i + 1));
          assertThat(row).containsExactly(alone, within(1e-5f));
        }
      }
      // not all examples look alike to it
      assertThat(runs.answers(RuntimeSetting.PLAIN, 0))
          .isNotEqualTo(runs.answers(RuntimeSetting.PLAIN, 1));
    }
  }
}
