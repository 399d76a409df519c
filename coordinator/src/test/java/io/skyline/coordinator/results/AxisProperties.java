package io.skyline.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;

class AxisProperties {
  @Property(tries = 300)
  void holdsEveryValueAndAFewTicks(
      @ForAll @Size(min = 1, max = 8) List<@DoubleRange(max = 1e9) Double> values,
      @ForAll boolean binary) {
    Axis axis = Axis.around(values.stream().mapToDouble(Double::doubleValue).toArray(), binary);

    values.forEach(value -> assertThat(axis.share(value)).isBetween(0.0, 1.0));
    assertThat(axis.ticks()).hasSizeBetween(2, 16).isSorted();
    axis.ticks().forEach(tick -> assertThat(axis.share(tick)).isBetween(-1e-9, 1 + 1e-9));
  }
}
