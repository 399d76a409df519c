package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Shape;
import io.skyline.scorecard.Measurement;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatencyMeterTest {
  private static final String REFERENCE_DIGEST =
      "8fa14d393e3046b8057d8a8817cc916318f1ca40fe5a5ee402b59d5aef7e8d92";

  @TempDir private Path folder;

  private static byte[] network(int width) {
    SampleNetworks net = new SampleNetworks(new Shape(1, 28, 28));
    net.then(Convolution.same(width, 3, 1));
    net.then(SampleNetworks.RELU);
    net.then(Convolution.same(width, 3, 1));
    net.then(SampleNetworks.RELU);
    net.then(new GlobalAveragePool());
    net.then(new Dense(10, true));
    return OnnxWriter.write(SampleNetworks.drawn(net.architecture(), 1), Encoding.FLOAT32);
  }

  @Test
  void comparesWithTheReferenceAndWarnsWhereItCannotTrustItself() {
    MeasurementLock lock = MeasurementLock.at(folder.resolve("lock"));
    ReferenceTime time = LatencyMeter.calibrate(lock);
    assertThat(time.microseconds()).isBetween(1.0, 10_000.0);
    try (LatencyMeter meter = new LatencyMeter(time, lock)) {
      Measurement narrow = meter.measure(network(16));
      Measurement wide = meter.measure(network(32));
      // nearly four times the multiplications
      assertThat(wide.value() / narrow.value()).isBetween(1.8, 8.0);
      Measurement again = meter.measure(network(16));
      // even in disturbed windows both models suffer alike, but only undisturbed ones promise
      double within = narrow.confident() && again.confident() ? 0.25 : 1.0;
      assertThat(again.value() / narrow.value()).isBetween(1 / (1 + within), 1 + within);
      assertThat(narrow.tolerance()).isGreaterThanOrEqualTo(0.02);
    }
    // on a machine that was twice as fast when calibrated, no window counts
    try (LatencyMeter meter = new LatencyMeter(new ReferenceTime(time.microseconds() / 2), lock)) {
      assertThat(meter.measure(network(16)).confident()).isFalse();
    }
  }

  private static List<LatencyMeter.Window> windows(double... references) {
    return Arrays.stream(references).mapToObj(r -> new LatencyMeter.Window(r * 1e3, 30e3)).toList();
  }

  @Test
  void countsTheWindowsOfASteadyPaceNearTheKnownSpeed() {
    ReferenceTime known = new ReferenceTime(18);
    // a host that is slower by 8 % than when it was calibrated, for all of them alike
    assertThat(LatencyMeter.counting(windows(19.4, 19.5, 19.3, 19.4), known)).hasSize(4);
    // a burst, and one that a neighbour disturbed a little
    assertThat(LatencyMeter.counting(windows(19.4, 17.9, 19.5, 20.3, 19.3), known))
        .isEqualTo(windows(19.4, 19.5, 19.3));
    // a neighbour all the time: steady, but none near the known speed
    assertThat(LatencyMeter.counting(windows(23.0, 23.1, 23.0), known)).isEmpty();
    // two paces: the slower one is left out, and never all
    assertThat(LatencyMeter.counting(windows(18.0, 19.5), known)).isEqualTo(windows(18.0));
    // the disturbed do not set the pace
    assertThat(LatencyMeter.counting(windows(23.0, 23.1, 19.0, 23.0, 19.1), known))
        .isEqualTo(windows(19.0, 19.1));
  }

  /** Needs a machine that nothing else uses. */
  @Test
  @Tag("full")
  void aMachineThatIsQuietIsBelieved() {
    MeasurementLock lock = MeasurementLock.at(folder.resolve("lock"));
    int confident = 0;
    for (int i = 0; i < 5; i++) {
      try (LatencyMeter meter = new LatencyMeter(LatencyMeter.calibrate(lock), lock)) {
        confident += meter.measure(network(16)).confident() ? 1 : 0;
      }
    }
    assertThat(confident).isGreaterThanOrEqualTo(4);
  }

  @Test
  void theReferenceModelNeverChanges() throws NoSuchAlgorithmException {
    // latencies already recorded are ratios to it
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(ReferenceModel.onnx());
    assertThat(HexFormat.of().formatHex(digest)).isEqualTo(REFERENCE_DIGEST);
  }
}
