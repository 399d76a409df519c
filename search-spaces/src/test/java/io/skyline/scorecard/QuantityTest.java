package io.skyline.scorecard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Scale;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "500 us, MICROSECONDS, 500",
    "2ms, MICROSECONDS, 2000",
    "1.5 µs, MICROSECONDS, 1.5",
    "800 ns, MICROSECONDS, 0.8",
    "64 KiB, BYTES, 65536",
    "100 KB, BYTES, 100000",
    "1 h, SECONDS, 3600",
    "90 min, SECONDS, 5400",
    "90 %, FRACTION, 0.9",
    ".85, FRACTION, 0.85",
    "2 M, COUNT, 2e6",
    "1500000, COUNT, 1500000",
    "20 uJ, MICROJOULES, 20",
    "5000 examples/s, EXAMPLES_PER_SECOND, 5000",
    "1.5 k examples/s, EXAMPLES_PER_SECOND, 1500",
    "-3 us, MICROSECONDS, -3",
    "1e3 us, MICROSECONDS, 1000"
  })
  void readsNumbersWithTheirUnits(String text, Unit unit, double value) {
    assertThat(Quantity.parse(text, unit)).isEqualTo(new Quantity(value, unit));
  }

  @Test
  @Timeout(5)
  void refusesNumbersThatNobodyWrites() {
    assertThatThrownBy(() -> Quantity.parse("1".repeat(1 << 20) + " us", Unit.MICROSECONDS))
        .isInstanceOf(MalformedQuantityException.class)
        .hasMessage("'" + "1".repeat(100) + "' is not a time");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400|MICROSECONDS|'400' has no unit|400 us",
        "400 KiB|MICROSECONDS|is a number of bytes, not a time|400 us",
        "64 kib|BYTES|'kib' is no unit|Did you mean '64 KiB'?",
        "64 bytes|BYTES|'bytes' is no unit|64 B",
        "500 /s|EXAMPLES_PER_SECOND|'/s' is no unit|500 examples/s",
        "500 us|EXAMPLES_PER_SECOND|is a time, not a throughput|500 k examples/s",
        "fast|MICROSECONDS|is not a time|500 us",
        "0x10 us|MICROSECONDS|'x10 us' is no unit|0 us",
        "1e400 us|MICROSECONDS|too large|less",
        "NaN us|MICROSECONDS|is not a time|500 us"
      })
  void saysWhatToWriteInstead(String text, Unit unit, String what, String suggestion) {
    assertThatThrownBy(() -> Quantity.parse(text, unit))
        .isInstanceOfSatisfying(
            MalformedQuantityException.class,
            e -> {
              assertThat(e).hasMessageContaining(what);
              assertThat(e.suggestion()).contains(suggestion);
            });
  }

  @Property
  void readsBackWhatItWrites(
      @ForAll Unit unit, @ForAll @Scale(6) @DoubleRange(min = 1e-6, max = 1e12) double value) {
    String text = new Quantity(value, unit).text();

    // four digits are shown
    assertThat(Quantity.parse(text, unit).value())
        .isCloseTo(value, Percentage.withPercentage(.051));
  }

  @ParameterizedTest
  @CsvSource({
    "MICROSECONDS, 400, 400 us",
    "MICROSECONDS, 2500, 2.5 ms",
    "BYTES, 1536, 1.5 KiB",
    "BYTES, 20, 20 B",
    "COUNT, 1234567, 1.235 M",
    "FRACTION, 0.875, 0.875",
    "SECONDS, 2400, 40 min",
    "BYTES, 0, 0 B"
  })
  void writesWhatReadsBest(Unit unit, double value, String text) {
    assertThat(new Quantity(value, unit).text()).isEqualTo(text);
  }
}
