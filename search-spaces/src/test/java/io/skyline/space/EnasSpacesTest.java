package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnasSpacesTest {
  private static final TrainingPlan PLAN = TrainingPlan.standard(1);
  private static final CandidateSpace CELL =
      SpaceReader.read(
          """
          kind: cell
          stem: {width: 16}
          width: 8
          nodes: 2
          reductions: 1
          operations: [sep3, max3, identity]
          """,
          "cell.yaml");
  private static final CandidateSpace MACRO =
      SpaceReader.read(
          """
          kind: macro
          stem: {width: 8}
          layers: 4
          reductions: 1
          operations: [conv3, max3, identity]
          """,
          "macro.yaml");

  private static Architecture build(CandidateSpace space, String genome) {
    return space
        .decode(space.decisions().parse(genome.strip().replaceAll("\\s+", " ")), Fashion.CARD, PLAN)
        .architecture();
  }

  private static Node node(Architecture network, String name) {
    return network.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  @Test
  void aCellJoinsTheValuesThatNoNodeReads() {
    Architecture network =
        build(
            CELL,
            """
            normal.node1.input1=0 normal.node1.op1=sep3 normal.node1.input2=1 normal.node1.op2=max3
            normal.node2.input1=0 normal.node2.op1=max3 normal.node2.input2=0 normal.node2.op2=sep3
            reduction.node1.input1=0 reduction.node1.op1=max3
            reduction.node1.input2=0 reduction.node1.op2=max3
            reduction.node2.input1=2 reduction.node2.op1=identity
            reduction.node2.input2=0 reduction.node2.op2=identity
            """);

    // both nodes of the normal cell are loose, and both inputs are read
    assertThat(node(network, "cell1"))
        .isEqualTo(new Node("cell1", new Concat(), List.of("cell1_node1", "cell1_node2")));
    assertThat(network.shape("cell1")).isEqualTo(new Shape(16, 28, 28));
    // the reduction reads neither cell 1 nor its first node's sum twice: input 1 is loose as well
    assertThat(node(network, "cell2").inputs()).containsExactly("cell2_end1_bn", "cell2_node2");
    assertThat(network.shape("cell2")).isEqualTo(new Shape(32, 14, 14));
    // the cell after it brings what came before the reduction to its extent
    assertThat(network.shape("cell3_in0_act")).isEqualTo(new Shape(16, 14, 14));
  }

  @Test
  void aValueTwiceIsNotAdded() {
    Architecture network =
        build(
            CELL,
            """
            normal.node1.input1=1 normal.node1.op1=identity
            normal.node1.input2=1 normal.node1.op2=identity
            normal.node2.input1=2 normal.node2.op1=sep3
            normal.node2.input2=0 normal.node2.op2=identity
            reduction.node1.input1=0 reduction.node1.op1=max3
            reduction.node1.input2=1 reduction.node1.op2=max3
            reduction.node2.input1=2 reduction.node2.op1=identity
            reduction.node2.input2=2 reduction.node2.op2=identity
            """);

    assertThat(network.nodes())
        .filteredOn(n -> n.layer() instanceof Add)
        .extracting(Node::name)
        .containsExactly("cell1_node2", "cell2_node1", "cell3_node2");
    assertThat(node(network, "cell3_node2").inputs())
        .containsExactly("cell3_node2_a_act", "cell3_in0_act");
  }

  @Test
  void aMacroLayerJoinsWhatItSkipsTo() {
    Architecture network =
        build(
            MACRO,
            """
            layer1.op=conv3 layer2.op=max3 layer2.skip0=yes
            layer3.op=conv3 layer3.skip0=yes layer3.skip1=no
            layer4.op=identity layer4.skip0=yes layer4.skip1=no layer4.skip2=yes
            """);

    assertThat(node(network, "layer2_join").inputs()).containsExactly("layer1_act", "stem_act");
    assertThat(node(network, "layer2").inputs()).containsExactly("layer2_in_act");
    assertThat(network.shape("layer2")).isEqualTo(new Shape(8, 28, 28));
    // the second half is half as large and twice as wide; the stem is brought there once
    assertThat(network.shape("layer3_act")).isEqualTo(new Shape(16, 14, 14));
    assertThat(node(network, "layer3_join").inputs())
        .containsExactly("part1_of2_act", "part1_of0_act");
    assertThat(node(network, "layer4_join").inputs())
        .containsExactly("layer3_act", "part1_of0_act", "part1_of2_act");
    assertThat(node(network, "head").inputs()).containsExactly("layer4_in_act");
  }

  @Test
  void aMacroNetworkWithoutSkipsIsAChain() {
    Architecture network =
        build(
            MACRO,
            """
            layer1.op=conv3 layer2.op=conv3 layer2.skip0=no
            layer3.op=max3 layer3.skip0=no layer3.skip1=no
            layer4.op=conv3 layer4.skip0=no layer4.skip1=no layer4.skip2=no
            """);

    assertThat(network.nodes()).allMatch(n -> n.inputs().size() == 1);
    assertThat(network.nodes()).noneMatch(n -> n.layer() instanceof Concat);
  }
}
