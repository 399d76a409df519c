package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.dl4j.PlainInference;
import io.skyline.worker.export.Encoding.Range;
import io.skyline.worker.network.Network;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ActivationRangesTest {
  private static Examples noise(Shape shape, int count) {
    byte[] pixels = new byte[count * Math.toIntExact(shape.elements())];
    new SplittableRandom(4).nextBytes(pixels);
    return new Examples(shape, pixels, new int[count]);
  }

  /** More examples than one batch of the session, so that batches are joined. */
  @Test
  void findsTheExtremesOfEveryNodeOverAllExamples() {
    Network network = Nets.drawn(Nets.residual(), 6);
    Architecture architecture = network.architecture();
    Examples examples = noise(architecture.input(), 130);
    Map<String, Range> ranges = ActivationRanges.measure(network, examples).ranges();

    assertThat(ranges).hasSize(architecture.nodes().size() + 1);
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    int stride = Math.toIntExact(architecture.input().elements());
    for (int i = 0; i < examples.count(); i++) {
      double[] image = new double[stride];
      for (int p = 0; p < stride; p++) {
        int raw = Byte.toUnsignedInt(examples.pixels()[i * stride + p]);
        image[p] = (raw - 90.0) / 70.0;
      }
      double[] scores = PlainInference.scores(network, image);
      low = Math.min(low, Arrays.stream(scores).min().orElseThrow());
      high = Math.max(high, Arrays.stream(scores).max().orElseThrow());
    }
    Range scores = ranges.get("scores");
    assertThat((double) scores.low()).isCloseTo(low, within(1e-4));
    assertThat((double) scores.high()).isCloseTo(high, within(1e-4));
    assertThat(ranges.get(Architecture.INPUT).low()).isCloseTo(-90f / 70, within(1e-5f));
    assertThat(ranges.get(Architecture.INPUT).high()).isCloseTo(165f / 70, within(1e-5f));
    assertThat(ranges.get("pre").low()).isZero();
  }

  @Test
  void refusesToGuessWithoutExamples() {
    Network network = Nets.drawn(Nets.dense(), 6);
    Examples none = noise(network.architecture().input(), 0);
    assertThatThrownBy(() -> ActivationRanges.measure(network, none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no examples");
  }
}
