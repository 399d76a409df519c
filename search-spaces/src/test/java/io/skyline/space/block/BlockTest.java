package io.skyline.space.block;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Concat;
import io.skyline.architecture.CondensedForm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BlockTest {
  private static final Activation RELU = new Activation(Function.RELU);

  private static Architecture net(Shape input, Stage stage) {
    Draft draft = new Draft(input);
    stage.lay(draft, "s");
    draft.add("head", new GlobalAveragePool());
    draft.add("scores", new Dense(10, true));
    return draft.architecture();
  }

  private static Stage stage(Block block, int depth, String downsample, Map<Knob, String> knobs) {
    return new Stage(block, depth, downsample, new BlockSettings(knobs, RELU));
  }

  private static List<Layer> layers(Architecture network, String prefix) {
    return network.nodes().stream()
        .filter(node -> node.name().startsWith(prefix))
        .<Layer>map(Node::layer)
        .toList();
  }

  private static Node node(Architecture network, String name) {
    return network.nodes().stream().filter(n -> n.name().equals(name)).findFirst().orElseThrow();
  }

  private static long kernels(Architecture network, String prefix) {
    return network.nodes().stream()
        .filter(node -> node.name().startsWith(prefix))
        .flatMap(node -> network.parameters(node).stream())
        .filter(parameter -> parameter.name().equals("kernel"))
        .mapToLong(parameter -> parameter.size())
        .sum();
  }

  /** Any block with any settings gives the stage's width at the extent that was asked for. */
  @Property(tries = 500)
  void everyBlockKeepsItsWord(
      @ForAll Block block,
      @ForAll @IntRange(min = 1, max = 3) int depth,
      @ForAll @IntRange(min = 1, max = 8) int read,
      @ForAll @IntRange(min = 1, max = 8) int width,
      @ForAll @IntRange(min = 0, max = 3) int groups,
      @ForAll @IntRange(min = 0, max = 3) int downsample,
      @ForAll @IntRange(min = 0, max = 3) int attention,
      @ForAll @IntRange(min = 5, max = 29) int extent) {
    String down = Stage.DOWNSAMPLE.get(downsample);
    Stage stage =
        stage(
            block,
            depth,
            down,
            Map.of(
                Knob.WIDTH,
                Integer.toString(8 * width),
                Knob.GROUPS,
                Integer.toString(1 << groups),
                Knob.ATTENTION,
                Attention.WORDS.get(attention),
                Knob.CONDENSATION,
                Integer.toString(1 << attention),
                Knob.DILATION,
                Integer.toString(1 + extent % 2),
                Knob.KERNEL,
                Integer.toString(3 + 2 * (extent % 3))));

    Architecture network = net(new Shape(8 * read, extent, extent), stage);

    Shape out = network.inputShapes(node(network, "head")).get(0);
    int halved = down.equals("stride") ? (extent + 1) / 2 : extent / 2;
    int expected = down.equals("none") ? extent : halved;
    assertThat(out).isEqualTo(new Shape(8 * width, expected, expected));
  }

  /** The Fire module of table 1 of the paper: 16, 64 and 64 channels from 96. */
  @Test
  void aFireModuleHasThePublishedKernels() {
    Stage stage = stage(Block.FIRE, 1, "none", Map.of(Knob.WIDTH, "128", Knob.SQUEEZE, "0.125"));

    Architecture network = net(new Shape(96, 55, 55), stage);

    assertThat(kernels(network, "s_1")).isEqualTo(96 * 16 + 16 * 64 + 16 * 64 * 9);
    assertThat(node(network, "s_1_join").inputs())
        .containsExactly("s_1_small_act", "s_1_large_act");
  }

  /** Unit of stage 2, g = 4, in table 1 of the paper: hw/c = 272 wide, a bottleneck of 68. */
  @Test
  void aShuffleUnitSplitsItsPointwiseKernels() {
    Stage stage = stage(Block.SHUFFLE_V1, 2, "stride", Map.of(Knob.WIDTH, "128", Knob.GROUPS, "4"));

    Architecture network = net(new Shape(64, 28, 28), stage);

    // the strided unit makes 64 channels beside the 64 it pools, the other one all 128
    assertThat(kernels(network, "s_1")).isEqualTo((64 * 32 + 32 * 64) / 4 + 32 * 9);
    assertThat(kernels(network, "s_2")).isEqualTo((128 * 32 + 32 * 128) / 4 + 32 * 9);
    assertThat(node(network, "s_1_join").inputs()).containsExactly("s_1_pool", "s_1_out_bn");
    assertThat(node(network, "s_2_add").inputs()).containsExactly("s_2_out_bn", "s_1_act");
    assertThat(layers(network, "s_2")).contains(new Shuffle(4));
  }

  @Test
  void aShuffleV2UnitConvolvesHalfOfItsChannels() {
    Stage stage = stage(Block.SHUFFLE_V2, 2, "stride", Map.of(Knob.WIDTH, "64"));

    Architecture network = net(new Shape(24, 28, 28), stage);

    assertThat(layers(network, "s_2")).contains(new Slice(0, 32), new Slice(32, 64));
    assertThat(kernels(network, "s_2")).isEqualTo(32 * 32 + 32 * 9 + 32 * 32);
    assertThat(kernels(network, "s_1"))
        .isEqualTo((24 * 9 + 24 * 32) + (24 * 32 + 32 * 9 + 32 * 32));
    assertThat(node(network, "s_2_join").inputs()).containsExactly("s_2_pass", "s_2_out_act");
    assertThat(node(network, "s_2_shuffle").layer()).isEqualTo(new Shuffle(2));
  }

  @Test
  void aDenseStageGrowsAndThenNarrows() {
    Stage stage = stage(Block.DENSE, 3, "none", Map.of(Knob.WIDTH, "24", Knob.GROWTH, "16"));

    Architecture network = net(new Shape(8, 14, 14), stage);

    assertThat(network.shape("s_3_join").channels()).isEqualTo(8 + 3 * 16);
    assertThat(network.shape("s_out").channels()).isEqualTo(24);
    assertThat(layers(network, "s_")).filteredOn(Concat.class::isInstance).hasSize(3);
  }

  @Test
  void aCondenseStageHasAFractionOfTheKernels() {
    Map<Knob, String> knobs = Map.of(Knob.WIDTH, "32", Knob.GROWTH, "16", Knob.GROUPS, "4");
    Shape input = new Shape(16, 14, 14);

    long dense = kernels(net(input, stage(Block.DENSE, 2, "none", knobs)), "s_1");
    long condense = kernels(net(input, stage(Block.CONDENSE, 2, "none", knobs)), "s_1");

    assertThat(condense).isEqualTo(dense / 4);
  }

  /** Figure 3 of the paper, on the right: index, grouped 1x1, permutation, grouped 3x3. */
  @Test
  void aCondenseBlockMayLearnTheInputsOfItsGroups() {
    Map<Knob, String> knobs =
        Map.of(Knob.WIDTH, "32", Knob.GROWTH, "16", Knob.GROUPS, "4", Knob.CONDENSATION, "4");
    Map<Knob, String> givenKnobs = Map.of(Knob.WIDTH, "32", Knob.GROWTH, "16", Knob.GROUPS, "4");
    Shape input = new Shape(16, 14, 14);

    Architecture network = net(input, stage(Block.CONDENSE, 2, "none", knobs));

    assertThat(node(network, "s_2_in").layer()).isEqualTo(new LearnedGroupConvolution(64, 4, 4));
    assertThat(node(network, "s_2_in").inputs()).containsExactly("s_1_join");
    Architecture shipped = CondensedForm.foretold(network);
    assertThat(layers(shipped, "s_2").stream().map(Layer::getClass).toList())
        .isEqualTo(
            List.of(
                Select.class,
                Convolution.class,
                BatchNorm.class,
                Activation.class,
                Shuffle.class,
                Convolution.class,
                BatchNorm.class,
                Activation.class,
                Concat.class));
    assertThat(kernels(shipped, "s_"))
        .isEqualTo(kernels(net(input, stage(Block.CONDENSE, 2, "none", givenKnobs)), "s_"));
  }

  @Test
  void dilationSeesFurtherForTheSamePrice() {
    Shape input = new Shape(16, 14, 14);
    Architecture near = net(input, stage(Block.CONV, 1, "none", Map.of(Knob.WIDTH, "16")));
    Architecture far =
        net(input, stage(Block.CONV, 1, "none", Map.of(Knob.WIDTH, "16", Knob.DILATION, "3")));

    assertThat(((Convolution) node(far, "s_1").layer()).columns().covered()).isEqualTo(7);
    assertThat(NetworkCost.of(far, Storage.FP32).macs())
        .isEqualTo(NetworkCost.of(near, Storage.FP32).macs());
  }

  @Test
  void dropPathStandsBeforeTheAddition() {
    Stage stage = stage(Block.RESIDUAL, 1, "none", Map.of(Knob.WIDTH, "16", Knob.DROP_PATH, "0.2"));

    Architecture network = net(new Shape(8, 14, 14), stage);

    assertThat(node(network, "s_1_drop").layer()).isEqualTo(new DropPath(0.2));
    assertThat(node(network, "s_1_add").inputs()).containsExactly("s_1_drop", "s_1_shortcut_bn");
  }

  @Test
  void cbamWeighsChannelsThenPositions() {
    Stage stage =
        stage(
            Block.INVERTED,
            1,
            "none",
            Map.of(
                Knob.WIDTH,
                "16",
                Knob.ATTENTION,
                "cbam",
                Knob.REDUCTION,
                "4",
                Knob.EXPANSION,
                "4"));

    Architecture network = net(new Shape(16, 14, 14), stage);

    assertThat(((Dense) node(network, "s_1_se_reduce").layer()).outputs()).isEqualTo(16);
    assertThat(node(network, "s_1_se"))
        .isEqualTo(new Node("s_1_se", new Multiply(), List.of("s_1_dw_act", "s_1_se_gate")));
    assertThat(node(network, "s_1_sa").inputs()).containsExactly("s_1_se", "s_1_sa_gate");
    assertThat(network.shape("s_1_sa_gate")).isEqualTo(new Shape(1, 14, 14));
    assertThat(node(network, "s_1_project").inputs()).containsExactly("s_1_sa");
  }
}
