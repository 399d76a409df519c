package io.skyline.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.cost.Operator.Kind;
import io.skyline.cost.Operator.Work;
import io.skyline.yaml.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceProfileTest {
  @TempDir private Path folder;

  static OperatorCosts costs(Storage storage) {
    Map<Kind, Map<Work, Double>> table = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      if (kind.occursIn(storage)) {
        table.put(
            kind, Map.of(Work.CALLS, 1000.0 + kind.ordinal(), Work.MACS, 0.0125, Work.READS, 0.25));
      }
    }
    return new OperatorCosts(table);
  }

  static DeviceProfile profile() {
    return new DeviceProfile(
        new DeviceProfile.Origin("board", "a \"fast\" one", "ONNX 1", "2026-11-28", "for tests"),
        16,
        new DeviceProfile.Error(100, 0.03, 0.15, 0.99),
        costs(Storage.FP32),
        costs(Storage.INT8));
  }

  private DeviceProfile read(String yaml) throws IOException {
    return DeviceProfileReader.read(Files.writeString(folder.resolve("device.yaml"), yaml));
  }

  @Test
  void isReadAsItWasWritten() throws IOException {
    DeviceProfile read = read(profile().yaml());

    assertThat(read.costs(Storage.FP32)).isEqualTo(costs(Storage.FP32));
    assertThat(read.costs(Storage.FP16)).isEqualTo(costs(Storage.FP32));
    assertThat(read.costs(Storage.INT8)).isEqualTo(costs(Storage.INT8));
    assertThat(read.error()).isEqualTo(profile().error());
    assertThat(read.block()).isEqualTo(16);
    assertThat(read.origin().processor()).isEqualTo("a  fast  one");
    assertThat(read.yaml()).isEqualTo(read(read.yaml()).yaml());
  }

  @Test
  void saysWhereABrokenFileIsBroken() {
    String sound = profile().yaml();
    broken(sound.replace("macs: 0.0125", "macs: -1"), "device.yaml:12:", "'macs' cannot be -1");
    broken(sound.replace("machine: ", "machin: "), "unknown key 'machin'", "needs 'machine'");
    broken(sound.replaceFirst("  dense: .*\n", ""), "fp32 needs 'dense'");
    broken(sound.replaceFirst("  dense: .*\n", "  dense: fast\n"), "dense is a group of keys");
    broken(sound.replace("channel_block: 16", "channel_block: 0"), "device.yaml:8:", "cannot be 0");
    broken(sound.replace("p95: 0.1500", "p95: ."), "device.yaml:9:", "'p95' is a number");
    broken(
        sound.replace("device_profile: 1", "device_profile: 2"),
        "the profile's format is 2, this build reads 1",
        "skyline device calibrate");
    broken("just: words", "needs 'device_profile'");
    broken("[1, 2]", "a device profile is a group of keys, not a list");
  }

  private void broken(String yaml, String... messages) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContainingAll(messages);
  }
}
