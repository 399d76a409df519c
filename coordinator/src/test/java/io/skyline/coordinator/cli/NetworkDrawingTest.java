package io.skyline.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Architecture;
import io.skyline.coordinator.TestData;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.TrainingPlan;
import io.skyline.space.CandidateSpace;
import io.skyline.space.SpaceReader;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkDrawingTest {
  private static String draw(String yaml) {
    CandidateSpace space = SpaceReader.read(yaml, "drawn.yaml");
    int[] first = new int[space.decisions().decisions().size()];
    Architecture network =
        space
            .decode(space.decisions().genome(first), TestData.images(28), TrainingPlan.standard(1))
            .architecture();
    return String.join("\n", NetworkDrawing.lines(network, NetworkCost.of(network, Storage.FP32)));
  }

  @Test
  void drawsARowALayerAndFollowsShortcuts() {
    assertThat(
            draw(
                """
                stem: {width: 8, stride: 2}
                stages: [{block: residual, width: 8}, {block: residual, width: 16}]
                recipe: {weights: [fp32, int8]}
                """))
        .isEqualTo(
            """
                 image                                                             1x28x28  parameters       MACs
            ,--- stem               conv 3x3 /2, norm, relu                        8x14x14         80    14.11 k
            |    stage1_1_a         conv 3x3, norm, relu                           8x14x14        584    112.9 k
            |    stage1_1_b         conv 3x3, norm                                 8x14x14        584    112.9 k
            '-,- stage1_1_add       add, relu <- stage1_1_b, stem                  8x14x14
              |  stage2_1_a         conv 3x3, norm, relu                          16x14x14    1.168 k    225.8 k
            ,-|- stage2_1_b         conv 3x3, norm                                16x14x14     2.32 k    451.6 k
            | '- stage2_1_shortcut  conv 1x1, norm <- stage1_1_add                16x14x14        144    25.09 k
            '--- stage2_1_add       add, relu <- stage2_1_b, stage2_1_shortcut    16x14x14
                 head               average pool over all positions                 16x1x1
                 scores             dense                                            2x1x1         34         32
            """
                .stripTrailing());
  }

  @Test
  void drawsAChainWithoutAMargin() {
    assertThat(draw("{kind: mlp, hidden: {width: [16, 32], rank: 4}, dropout: 0.1}"))
        .isEqualTo(
            """
             image                                     1x28x28  parameters       MACs
             flat         flatten                      784x1x1
             layer1_pair  dense                          4x1x1    3.136 k    3.136 k
             layer1       dense, relu, dropout 0.1      16x1x1         80         64
             scores       dense                          2x1x1         34         32
            """
                .stripTrailing());
  }

  @Test
  void railsThatMeetKeepTheirColumns() {
    // rows 0 and 1 are both read by row 4, row 2 by row 5
    List<String> lines =
        new Rails(
                List.of(
                    List.of(),
                    List.of(0),
                    List.of(1, 0),
                    List.of(2),
                    List.of(3, 0, 1),
                    List.of(4, 2)))
            .lines();

    assertThat(lines)
        .containsExactly(
            ",-----", //
            "| ,---", "+-|-,-", "| | | ", "'-'-|-", "    '-");
  }

  @Test
  void saysWhereExamplesMayLeave() {
    assertThat(
            draw("""
                stem: {width: 8, stride: 2}
                stages: [{width: 8, exit: yes}, {width: [16, 24]}]
                """)
                .lines()
                .map(line -> line.replaceAll(" {2,}", "  ").strip()))
        .contains(
            ",- stage1_1  conv 3x3, norm, relu  8x14x14  584  112.9 k",
            "|  stage1_exit_pool  average pool 3x3 /3  8x4x4",
            "|  stage1_exit  dense, exit  2x1x1  258  256",
            "'- stage2_1  conv 3x3, norm, relu <- stage1_1  16x14x14  1.168 k  225.8 k");
  }
}
