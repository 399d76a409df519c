package io.skyline.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks that give class scores before their end. */
class ExitsTest {
  private static final Shape INPUT = new Shape(1, 6, 6);

  private final List<Node> nodes = new ArrayList<>();

  private ExitsTest add(String name, Layer layer, String... inputs) {
    nodes.add(new Node(name, layer, List.of(inputs)));
    return this;
  }

  /** A trunk of two convolutions with a classifier behind each and one at the end. */
  private ExitsTest trunk() {
    return add("a", Convolution.same(8, 3, 1), "image")
        .add("a_flat", new Flatten(), "a")
        .add("a_exit", new Dense(3, true), "a_flat")
        .add("b", Convolution.same(8, 3, 1), "a")
        .add("b_flat", new Flatten(), "b")
        .add("b_exit", new Dense(3, true), "b_flat")
        .add("pool", new GlobalAveragePool(), "b")
        .add("scores", new Dense(3, true), "pool");
  }

  private Architecture network(String... exits) {
    return new Architecture(INPUT, nodes, List.of(exits));
  }

  private static List<String> names(List<Node> nodes) {
    return nodes.stream().map(Node::name).toList();
  }

  @Test
  void runInPartsThatEachEndWithAnOutput() {
    Architecture network = trunk().network("a_exit", "b_exit");

    assertThat(network.outputs()).containsExactly("a_exit", "b_exit", "scores");
    assertThat(network.parts().stream().map(ExitsTest::names))
        .containsExactly(
            List.of("a", "a_flat", "a_exit"),
            List.of("b", "b_flat", "b_exit"),
            List.of("pool", "scores"));
    assertThat(network).isNotEqualTo(trunkless()).hasToString(network.toString());
    assertThat(network.toString()).endsWith("exits [a_exit, b_exit]\n");
  }

  private static Architecture trunkless() {
    return new ExitsTest()
        .add("a", Convolution.same(8, 3, 1), "image")
        .add("pool", new GlobalAveragePool(), "a")
        .add("scores", new Dense(3, true), "pool")
        .network();
  }

  @Test
  void oneWithoutExitsIsOnePart() {
    assertThat(trunkless().exits()).isEmpty();
    assertThat(trunkless().outputs()).containsExactly("scores");
    assertThat(trunkless().parts().stream().map(ExitsTest::names))
        .containsExactly(List.of("a", "pool", "scores"));
  }

  @Test
  void anExitCanBeLeftOutWithAllThatLeadsThereOnly() {
    Architecture network = trunk().network("a_exit", "b_exit");

    assertThat(names(network.withExits(List.of("b_exit")).nodes()))
        .containsExactly("a", "b", "b_flat", "b_exit", "pool", "scores");
    assertThat(network.withExits(List.of("b_exit")).exits()).containsExactly("b_exit");
    assertThat(names(network.withExits(List.of()).nodes()))
        .containsExactly("a", "b", "pool", "scores");
  }

  @Test
  void scoresThatNobodyReadsAreNoExitUnlessCalledSo() {
    assertThatThrownBy(() -> trunk().network("a_exit"))
        .hasMessage("no layer reads the output of [b_exit]");
  }

  @Test
  void exitsAreDistinctAndInTheOrderOfTheirNodesBeforeTheLast() {
    trunk();
    for (String[] exits :
        List.of(
            new String[] {"b_exit", "a_exit"},
            new String[] {"a_exit", "b_exit", "b_exit"},
            new String[] {"a_exit", "b_exit", "scores"},
            new String[] {"a_exit", "b_exit", "nowhere"})) {
      assertThatThrownBy(() -> network(exits))
          .isInstanceOf(InvalidArchitectureException.class)
          .hasMessageContaining("are not distinct nodes in their order, all before the last");
    }
  }

  @Test
  void everyExitTellsTheSameClassesApart() {
    add("a", new Flatten(), "image")
        .add("exit", new Dense(4, true), "a")
        .add("scores", new Dense(3, true), "a");
    assertThatThrownBy(() -> network("exit")).hasMessage("exit leaves with 4x1x1, not 3x1x1");
  }

  @Test
  void nobodyReadsWhatAnExitSays() {
    add("a", new Flatten(), "image")
        .add("exit", new Dense(3, true), "a")
        .add("scores", new Dense(3, true), "exit");
    assertThatThrownBy(() -> network("exit"))
        .hasMessage("exit is an exit, but some layer reads it");
  }

  @Test
  void whatStandsBeforeAnExitLeadsThere() {
    add("a", new Flatten(), "image")
        .add("b", new Dense(5, true), "a")
        .add("exit", new Dense(3, true), "a")
        .add("scores", new Dense(3, true), "b");
    assertThatThrownBy(() -> network("exit"))
        .hasMessage("exit is an exit to which nothing leads from [b]");
  }
}
