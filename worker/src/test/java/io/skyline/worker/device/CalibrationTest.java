package io.skyline.worker.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.cost.DeviceProfile;
import io.skyline.cost.DeviceProfileReader;
import io.skyline.worker.score.LatencyMeter;
import io.skyline.worker.score.MeasurementLock;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A short calibration on whatever this machine is. */
class CalibrationTest {
  @TempDir private Path folder;

  @Test
  @Tag("full")
  void foretellsOtherNetworks() throws Exception {
    MeasurementLock lock = MeasurementLock.at(folder.resolve("lock"));
    DeviceProfile profile;
    try (LatencyMeter meter = new LatencyMeter(LatencyMeter.calibrate(lock), lock)) {
      profile = new Calibration(meter, (phase, done, of) -> {}).run(320, 60);
    }
    DeviceProfile.Error error = profile.error();
    assertThat(error.models()).isEqualTo(60);
    assertThat(error.median()).as("median").isLessThan(0.25);
    assertThat(error.p95()).as("95th percentile").isGreaterThanOrEqualTo(error.median());
    assertThat(error.rankCorrelation()).as("rank correlation").isGreaterThan(0.9);
    Path file = Files.writeString(folder.resolve("device.yaml"), profile.yaml());
    assertThat(DeviceProfileReader.read(file).yaml()).isEqualTo(profile.yaml());
  }
}
