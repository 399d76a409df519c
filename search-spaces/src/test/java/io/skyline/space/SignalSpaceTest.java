package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Window;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.TrainingPlan;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Spaces of {@code input: signal}. */
class SignalSpaceTest {
  private static final TrainingPlan PLAN = TrainingPlan.standard(1);
  private static final Shape SIGNAL = new Shape(2, 1, 40);

  private static Architecture sample(String yaml, Shape input, long seed) {
    CandidateSpace space = SpaceReader.read(yaml, "s.yaml");
    Genome genome = space.decisions().sample(new SplittableRandom(seed));
    return space.decode(genome, Fashion.card(input), PLAN).architecture();
  }

  @Test
  void windowsOfEveryBlockAndKindLieInOneRow() {
    List<String> spaces =
        List.of(
            """
            input: signal
            stem: {width: 8, kernel: 9, stride: [1, 4]}
            stages:
              - width: 16
                depth: 2
                downsample: stride
                attention: [none, se, spatial, cbam]
                block: [conv, separable, inverted, residual, bottleneck, fire, shuffle-v1,
                  shuffle-v2, dense, condense]
              - {width: 16, downsample: [max, average], kernel: [9, 31]}
            """,
            """
            input: signal
            kind: cell
            stem: {width: 8}
            width: 8
            operations: [conv3, conv5, sep3, sep5, dil3, avg3, max3, identity]
            """,
            """
            input: signal
            kind: macro
            stem: {width: 8}
            operations: [conv3, conv5, sep3, sep5, dil3, avg3, max3, identity]
            """);
    for (String space : spaces) {
      for (int seed = 0; seed < 60; seed++) {
        Architecture network = sample(space, SIGNAL, seed);

        for (Node node : network.nodes()) {
          assertThat(network.shape(node.name()).height()).as("%s", network).isEqualTo(1);
          if (node.layer() instanceof Convolution convolution) {
            assertThat(convolution.form()).as(node.name()).isEqualTo(Window.Form.ROW);
          } else if (node.layer() instanceof Pooling pooling) {
            assertThat(pooling.form()).as(node.name()).isEqualTo(Window.Form.ROW);
          }
        }
      }
    }
  }

  @Test
  void costsAreThoseOfOneRow() {
    Convolution convolution = new Convolution(8, 9, 2, 8, 2, 1, true, Window.Form.ROW);
    Pooling pooling = new Pooling(Pooling.Kind.MAX, 2, 2, 0, Window.Form.ROW);
    Architecture network =
        new Architecture(
            SIGNAL,
            List.of(
                new Node("conv", convolution, List.of(Architecture.INPUT)),
                new Node("pool", pooling, List.of("conv")),
                new Node("flat", new io.skyline.architecture.Flatten(), List.of("pool"))));

    NetworkCost cost = NetworkCost.of(network, Storage.FP32);

    assertThat(network.shape("conv")).isEqualTo(new Shape(8, 1, 20));
    assertThat(network.shape("pool")).isEqualTo(new Shape(8, 1, 10));
    assertThat(network.parameters(network.nodes().get(0)).get(0).dimensions())
        .containsExactly(8, 2, 1, 9);
    assertThat(cost.parameters()).isEqualTo(8 * 2 * 9 + 8);
    assertThat(cost.macs()).isEqualTo(20 * 8 * 2 * 9);
    // weights, then the convolution's input and output at once
    assertThat(cost.peakMemory()).isEqualTo(4 * (8 * 2 * 9 + 8) + 4 * (2 * 40 + 8 * 20));
  }

  @Test
  void aWindowThatDoesNotFitSaysWhy() {
    Pooling pooling = new Pooling(Pooling.Kind.MAX, 3, 2, 0, Window.Form.ROW);

    assertThatThrownBy(() -> pooling.output(List.of(new Shape(4, 1, 2))))
        .isInstanceOf(InvalidArchitectureException.class)
        .hasMessage("a window of 3 does not fit a padded width of 2");
    assertThat(pooling.output(List.of(new Shape(4, 1, 3)))).isEqualTo(new Shape(4, 1, 1));
  }

  @Test
  void squareAndRowWindowsAreNotMixedUpWithTheData() {
    String stages = "stem: {width: 8}\nstages: [{width: [8, 16]}]\n";

    assertThatThrownBy(() -> sample("input: signal\n" + stages, new Shape(1, 28, 28), 1))
        .isInstanceOf(InvalidArchitectureException.class)
        .hasMessage("its windows are one row high, but the data are images of 1x28x28");
    assertThatThrownBy(() -> sample("input: signal\n" + stages, Shape.flat(12), 1))
        .hasMessage("its windows are one row high, but the data are tables of 12x1x1");
    assertThatThrownBy(() -> sample(stages, SIGNAL, 1))
        .hasMessage("its windows are square, but the data are signals of 2x1x40");
  }
}
