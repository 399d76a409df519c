package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Shape;
import io.skyline.recipe.Calibration;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import io.skyline.worker.train.DivergedException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationRangesTest {
  @Test
  void areTheExtremesOfEveryValueOverAllBatches() {
    for (long seed = 0; seed < 20; seed++) {
      Architecture architecture = SampleNetworks.random(new SplittableRandom(seed));
      Network network = BatchNormFolding.fold(SampleNetworks.drawn(architecture, seed));
      Examples images = SampleNetworks.images(architecture.input(), 70, 5, seed);
      Map<String, Encoding.Range> expected = SampleNetworks.ranges(network, images);
      Map<String, Encoding.Range> found = ActivationRanges.measure(network, images).ranges();
      assertThat(found).containsOnlyKeys(expected.keySet());
      expected.forEach(
          (name, range) -> {
            float precision = 1e-4f * (1 + range.high() - range.low());
            assertThat(found.get(name).low()).isCloseTo(range.low(), within(precision));
            assertThat(found.get(name).high()).isCloseTo(range.high(), within(precision));
          });
    }
  }

  @Test
  void anInfiniteValueIsADivergence() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 2, 2));
    net.then(new Flatten());
    net.then(new Dense(2, false));
    float[] kernel = {Float.MAX_VALUE, Float.MAX_VALUE, 0, 0, 0, 0, 0, 0};
    Network network =
        new Network(
            net.architecture(),
            new Weights(Map.of("n1.kernel", kernel)),
            new Normalization(List.of(0f), List.of(1f)));
    Examples white = new Examples(new Shape(1, 2, 2), new byte[] {-1, -1, -1, -1}, new int[1]);
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> ActivationRanges.measure(network, white))
        .withMessageContaining("'n1'");
  }

  @Test
  void whatIsNoNumberIsADivergenceThoughAReluHidesItFromAllThatFollows() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 2, 2));
    net.then(new Flatten());
    net.then(new Dense(2, false));
    net.then(new Activation(Activation.Function.RELU));
    net.then(new Dense(2, false));
    Map<String, float[]> weights =
        Map.of(
            "n1.kernel", new float[] {Float.NaN, 0, 0, 0, 1, 1, 1, 1}, "n3.kernel", new float[4]);
    Network network =
        new Network(
            net.architecture(), new Weights(weights), new Normalization(List.of(0f), List.of(1f)));
    Examples images = SampleNetworks.images(new Shape(1, 2, 2), 3, 2, 1);
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> ActivationRanges.measure(network, images))
        .withMessageContaining("'n1'");
  }

  @Test
  void noExamplesGiveNoRanges() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 2, 2));
    net.then(new Flatten());
    net.then(new Dense(2, false));
    Network network = SampleNetworks.drawn(net.architecture(), 1);
    Examples none = SampleNetworks.images(new Shape(1, 2, 2), 0, 2, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ActivationRanges.measure(network, none))
        .withMessageContaining("no examples");
  }

  @ParameterizedTest
  @EnumSource(Calibration.class)
  void calibrationsCutRangesWithinTheExtremes(Calibration calibration) {
    Architecture architecture = SampleNetworks.random(new SplittableRandom(3));
    Network network = BatchNormFolding.fold(SampleNetworks.drawn(architecture, 3));
    Examples images = SampleNetworks.images(architecture.input(), 70, 5, 3);
    Map<String, Encoding.Range> extremes = ActivationRanges.measure(network, images).ranges();
    Map<String, Encoding.Range> found =
        ActivationRanges.measure(network, images, calibration).ranges();
    assertThat(found).containsOnlyKeys(extremes.keySet());
    int cut = 0;
    for (Map.Entry<String, Encoding.Range> each : found.entrySet()) {
      Encoding.Range whole = extremes.get(each.getKey());
      assertThat(each.getValue().low()).isBetween(whole.low(), whole.high());
      assertThat(each.getValue().high()).isBetween(whole.low(), whole.high());
      cut += each.getValue().equals(whole) ? 0 : 1;
    }
    assertThat(cut > 0).isEqualTo(calibration != Calibration.MIN_MAX);
  }
}
