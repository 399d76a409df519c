package io.skyline.scorecard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricTextTest {
  @ParameterizedTest
  @CsvSource({
    "ACCURACY, 0.8925, 89.25 %",
    "ACCURACY, 1, 100.00 %",
    "SIZE, 512, 512 B",
    "SIZE, 1024, 1 KiB",
    "SIZE, 24000, 23.4 KiB",
    "SIZE, 3e9, 2.79 GiB",
    "LATENCY, 174.8, 175 us",
    "LATENCY, 17.48, 17.5 us",
    "LATENCY, 1500, 1.50 ms",
    "MACS, 6012345, 6.01 M",
    "MACS, 999, 999",
    "ENERGY, 0.0123, 0.012 uJ",
    "ENERGY, 0.00001234, 0.000012 uJ",
    "ENERGY, 0, 0 uJ",
    "TRAIN_SECONDS, 61.25, 61.3 s",
    "THROUGHPUT, 48123.4, 48.1 k/s",
    "THROUGHPUT, 85.5, 85.5 /s",
  })
  void isShortForPeople(Metric metric, double value, String expected) {
    assertThat(MetricText.readable(metric, value)).isEqualTo(expected);
  }

  @Test
  void isShorterStillOnAxes() {
    assertThat(MetricText.tick(Metric.ACCURACY, .88)).isEqualTo("88 %");
    assertThat(MetricText.tick(Metric.ACCURACY, .885)).isEqualTo("88.50 %");
    assertThat(MetricText.tick(Metric.SIZE, 10_240)).isEqualTo("10 KiB");
    assertThat(MetricText.tick(Metric.LATENCY, 1_000)).isEqualTo("1 ms");
  }

  @Test
  void isExactForFiles() {
    assertThat(MetricText.exact(0)).isEqualTo("0");
    assertThat(MetricText.exact(123_456_789_012.0)).isEqualTo("123456789012");
    assertThat(MetricText.exact(.8925)).isEqualTo("0.8925");
    assertThat(MetricText.exact(1e-9)).isEqualTo("0.000000001");
    assertThat(MetricText.exact(174.123456789)).isEqualTo("174.1235");
  }
}
