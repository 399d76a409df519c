package io.skyline.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ships of a learned group convolution: which layers, and at what cost. */
class CondensedFormTest {
  private static Architecture net(Layer pointwise) {
    List<Node> nodes = new ArrayList<>();
    nodes.add(new Node("stem", Convolution.same(16, 3, 1), List.of(Architecture.INPUT)));
    nodes.add(new Node("in", pointwise, List.of("stem")));
    nodes.add(new Node("in_bn", new BatchNorm(), List.of("in")));
    nodes.add(new Node("pool", new GlobalAveragePool(), List.of("in_bn")));
    nodes.add(new Node("scores", new Dense(10, true), List.of("pool")));
    return new Architecture(new Shape(1, 8, 8), nodes);
  }

  private static NetworkCost cost(Architecture architecture) {
    return NetworkCost.of(architecture, Storage.FP32);
  }

  @ParameterizedTest
  @CsvSource({"4, 4, 4, 16", "4, 2, 8, 32", "2, 4, 4, 8", "1, 2, 8, 8"})
  void anIndexLayerFeedsAGroupedConvolution(int groups, int condensation, int kept, int selected) {
    LearnedGroupConvolution learned = new LearnedGroupConvolution(32, groups, condensation);

    Architecture shipped = CondensedForm.foretold(net(learned));

    assertThat(learned.kept(16)).isEqualTo(kept);
    assertThat(shipped.shape("in_index").channels()).isEqualTo(selected);
    assertThat(shipped.nodes().get(2))
        .isEqualTo(new Node("in", Convolution.grouped(32, 1, 1, groups), List.of("in_index")));
    assertThat(shipped.parameters(shipped.nodes().get(2)).get(0).dimensions())
        .containsExactly(32, kept, 1, 1);
    assertThat(shipped.nodes().subList(3, 6)).isEqualTo(net(learned).nodes().subList(2, 5));
  }

  @Test
  void everyChoiceCostsWhatWasForetold() {
    Architecture trained = net(new LearnedGroupConvolution(32, 4, 4));
    NetworkCost foretold = cost(CondensedForm.foretold(trained));
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 20; i++) {
      Architecture chosen =
          CondensedForm.of(
              trained, (node, layer) -> random.ints(16, 0, 16).boxed().sorted().toList());
      assertThat(cost(chosen)).isEqualTo(foretold);
    }
  }

  @Test
  void asManyGroupsAsTheCondensationCostWhatGivenGroupsDo() {
    NetworkCost given = cost(net(Convolution.grouped(32, 1, 1, 4)));
    NetworkCost learned = cost(CondensedForm.foretold(net(new LearnedGroupConvolution(32, 4, 4))));

    assertThat(learned.parameters()).isEqualTo(given.parameters());
    assertThat(learned.macs()).isEqualTo(given.macs());
    assertThat(learned.weightBytes()).isEqualTo(given.weightBytes());
    // the index layer's maps
    assertThat(learned.activationValues()).isEqualTo(given.activationValues() + 16 * 64);
  }

  @Test
  void inTrainingItCostsWhatTheConvolutionOverAllInputsDoes() {
    NetworkCost all = cost(net(Convolution.pointwise(32)));
    NetworkCost training = cost(net(new LearnedGroupConvolution(32, 4, 4)));

    assertThat(training.scorecard()).isEqualTo(all.scorecard());
  }

  @Test
  void aNetworkThatLearnsNoGroupsShipsAsItIs() {
    Architecture plain = net(Convolution.pointwise(32));
    assertThat(CondensedForm.foretold(plain)).isSameAs(plain);
  }

  @Test
  void whatCannotBeIsRefusedWithItsReason() {
    assertThatThrownBy(() -> net(new LearnedGroupConvolution(32, 4, 3)))
        .isInstanceOf(InvalidArchitectureException.class)
        .hasMessage("in: cannot keep one of 3 of 16 input channels");
    assertThatThrownBy(() -> new LearnedGroupConvolution(30, 4, 2))
        .hasMessageContaining("30 output channels cannot be split into 4 groups");
    assertThatThrownBy(() -> new LearnedGroupConvolution(32, 4, 1))
        .hasMessageContaining("not one of 1");
    assertThatThrownBy(() -> net(new Select(List.of(3, 16))))
        .hasMessage("in: selects channel 16 of 16");
    assertThatThrownBy(() -> new Select(List.of())).hasMessageContaining("cannot select");
    assertThatThrownBy(() -> new Select(List.of(1, -1))).hasMessageContaining("cannot select");
  }
}
