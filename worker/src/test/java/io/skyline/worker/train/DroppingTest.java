package io.skyline.worker.train;

import static io.skyline.worker.train.GradientCheck.inner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DroppingTest {
  static Stream<Arguments> layers() {
    List<Arguments> cases = new ArrayList<>();
    for (int channels : new int[] {16, 12}) {
      for (double rate : new double[] {0, 0.3, 0.8}) {
        for (Layer layer : new Layer[] {new Dropout(rate), new DropPath(rate)}) {
          String text = layer + " over " + channels;
          cases.add(inner(text, channels, layer, Convolution.pointwise(9)));
          cases.add(inner(text + ", dense", channels, new Flatten(), new Dense(21, true), layer));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void agreesWithFiniteDifferences(String name, Architecture architecture) {
    GradientCheck.gradients(architecture);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void predictionsDropNothing(String name, Architecture architecture) {
    GradientCheck.predictions(architecture);
  }

  @Test
  void dropsAtTheGivenRateAndAnewAtEveryStep() {
    for (double rate : new double[] {0.1, 0.5, 0.9}) {
      Noise noise = new Noise(7, 3, rate);
      int[] bits = new int[200_000];
      noise.fill(noise.base(0), 0, 1f, bits);
      long dropped = 0;
      for (int i = 0; i < bits.length; i++) {
        assertThat(bits[i] == 0).isEqualTo(noise.drops(noise.base(0), i));
        dropped += bits[i] == 0 ? 1 : 0;
      }
      assertThat((double) dropped / bits.length).isCloseTo(rate, within(0.005));
    }
    Noise even = new Noise(7, 3, 0.5);
    assertThat(sameDecisions(even, 0, even, 1)).isCloseTo(0.5, within(0.02));
    assertThat(sameDecisions(even, 0, new Noise(8, 3, 0.5), 0)).isCloseTo(0.5, within(0.02));
    assertThat(sameDecisions(even, 0, new Noise(7, 4, 0.5), 0)).isCloseTo(0.5, within(0.02));
    assertThat(sameDecisions(even, 4, even, 4)).isEqualTo(1);
  }

  private static double sameDecisions(Noise one, long step, Noise other, long otherStep) {
    int same = 0;
    for (int i = 0; i < 50_000; i++) {
      boolean equal = one.drops(one.base(step), i) == other.drops(other.base(otherStep), i);
      same += equal ? 1 : 0;
    }
    return same / 50_000.0;
  }

  @Test
  void trainingRepeatsBitForBitForASeedAndDiffersForAnother() {
    Architecture architecture =
        Nets.chain(
            new Shape(3, 8, 8),
            Convolution.same(8, 3, 1),
            new DropPath(0.2),
            new Flatten(),
            new Dropout(0.5),
            new Dense(4, true));
    Examples examples = Nets.examples(architecture.input(), 40, 4, 5);
    TrainingPlan plan = TrainingPlan.standard(2);
    Network start = Nets.network(architecture, 1);
    OneDnnEngine engine = new OneDnnEngine();
    Network one = engine.train(start, plan, examples, 3, TrainingProgress.SILENT);
    Network two = engine.train(start, plan, examples, 3, TrainingProgress.SILENT);
    Network other = engine.train(start, plan, examples, 4, TrainingProgress.SILENT);
    one.weights()
        .tensors()
        .forEach((key, v) -> assertThat(two.weights().tensors().get(key)).as(key).isEqualTo(v));
    assertThat(other.weights().tensors().get("l4.kernel"))
        .isNotEqualTo(one.weights().tensors().get("l4.kernel"));
  }
}
