package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.recipe.WeightGrid;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.Network;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StraightThroughTest {
  @Test
  void straightThroughTrainingComputesOnTheGridAndMovesExactWeights() {
    Network network = Nets.drawn(Nets.small(), 3);
    Kernel kernel = Kernel.of(network).get(0);
    String layer = kernel.key().substring(0, kernel.key().indexOf('.'));
    var rule =
        new StraightThrough(network, Map.of(layer, WeightGrid.BINARY), Hold.NOTHING)
            .of(kernel.key(), kernel.weights());
    assertThat(
            new StraightThrough(network, Map.of(), Hold.NOTHING).of(kernel.key(), kernel.weights()))
        .isNull();
    float[] gradient = kernel.weights().clone();
    rule.adjust(gradient);
    assertThat(gradient).isEqualTo(kernel.weights());
    float[] exact = kernel.weights().clone();
    exact[0] = 3;
    exact[1] = -3;
    rule.hold(exact);
    float most = 1;
    for (float weight : kernel.weights()) {
      most = Math.max(most, Math.abs(weight));
    }
    assertThat(exact[0]).isEqualTo(most).isLessThan(3);
    assertThat(exact[1]).isEqualTo(-most);
    assertThat(exact[2]).isEqualTo(kernel.weights()[2]);
    float[] free = {3};
    new StraightThrough(network, Map.of(layer, WeightGrid.TERNARY), Hold.NOTHING)
        .of(kernel.key(), kernel.weights())
        .hold(free);
    assertThat(free).containsExactly(3);
    float[] shown = rule.shown(exact);
    for (int i = 0; i < shown.length; i++) {
      assertThat(Math.signum(shown[i])).isEqualTo(Math.signum(exact[i]));
    }
    assertThat(Math.abs(shown[0]))
        .isEqualTo(Math.abs(shown[1]))
        .isCloseTo(Math.abs(shown[2]), within(0f));
  }
}
