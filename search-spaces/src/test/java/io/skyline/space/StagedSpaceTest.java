package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.CondensedForm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Layer;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Shape;
import io.skyline.cost.CandidateCost;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.Metric;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StagedSpaceTest {
  private static final CandidateSpace MOBILE = Catalog.space("mobile");
  private static final TrainingPlan PLAN = TrainingPlan.standard(3);

  private static final DataCard FASHION = Fashion.CARD;

  private static Candidate decode(CandidateSpace space, long seed) {
    Genome genome = space.decisions().sample(new SplittableRandom(seed));
    return space.decode(genome, FASHION, PLAN);
  }

  @Property
  void everyMobileGenomeDecodesWithChannelsInEights(@ForAll long seed) {
    Candidate candidate = decode(MOBILE, seed);

    Architecture network = candidate.architecture();
    assertThat(network.classes()).isEqualTo(10);
    assertThat(candidate.recipe().deployed(network).nodes())
        .filteredOn(node -> node.layer() instanceof Convolution)
        .allMatch(node -> ((Convolution) node.layer()).outputs() % 8 == 0);
  }

  @Property(tries = 200)
  void pruningAndQuantizingNeverCostMore(@ForAll long seed) {
    Candidate candidate = decode(MOBILE, seed);
    NetworkCost trained = NetworkCost.of(candidate.architecture(), Storage.FP32);
    NetworkCost deployed = CandidateCost.breakdown(candidate);

    assertThat(deployed.macs()).isLessThanOrEqualTo(trained.macs());
    assertThat(deployed.parameters()).isLessThanOrEqualTo(trained.parameters());
    assertThat(deployed.peakMemory()).isLessThanOrEqualTo(trained.peakMemory());
    assertThat(trained.parameters())
        .isLessThanOrEqualTo(NetworkCost.trainableParameters(candidate.architecture()));
    assertThat(trained.peakActivationBytes())
        .isGreaterThanOrEqualTo(4 * largest(candidate.architecture()));
  }

  private static long largest(Architecture network) {
    return network.nodes().stream()
        .mapToLong(node -> network.shape(node.name()).elements())
        .max()
        .orElseThrow();
  }

  @Test
  void mobileHoldsTinyAndMediumNetworks() {
    double[] macs =
        java.util.stream.LongStream.range(0, 500)
            .mapToObj(seed -> CandidateCost.of(decode(MOBILE, seed)))
            .mapToDouble(card -> card.value(Metric.MACS).orElseThrow())
            .sorted()
            .toArray();

    assertThat(macs[25]).isBetween(150e3, 400e3);
    assertThat(macs[475]).isBetween(2.5e6, 6e6);
  }

  @Test
  void laysInvertedBlocksDownWithResidualsWhereShapesAllow() {
    CandidateSpace space =
        SpaceReader.read(
            """
            stem: {width: 8}
            activation: relu6
            stages:
              - {block: inverted, depth: 2, width: 16, expansion: 2, kernel: 5, downsample: stride}
            recipe: {weights: [fp32, int8]}
            """,
            "test.yaml");

    Architecture network = decode(space, 1).architecture();

    List<String> names = network.nodes().stream().map(node -> node.name()).toList();
    assertThat(names)
        .containsSubsequence("stage1_1_expand", "stage1_1_dw", "stage1_1_project")
        .containsSubsequence("stage1_2_expand", "stage1_2_dw", "stage1_2_project", "stage1_2_add")
        .doesNotContain("stage1_1_add");
    assertThat(network.shape("stage1_1_dw")).isEqualTo(new Shape(16, 14, 14));
    assertThat(network.shape("stage1_2_expand")).isEqualTo(new Shape(32, 14, 14));
    List<Layer> layers = network.nodes().stream().<Layer>map(node -> node.layer()).toList();
    assertThat(layers).filteredOn(Add.class::isInstance).hasSize(1);
    assertThat(layers)
        .contains(new Activation(Activation.Function.RELU6))
        .doesNotContain(new Activation(Activation.Function.RELU));
  }

  @Test
  void theGenomeDecidesTheRecipeAndTheTraining() {
    CandidateSpace space =
        SpaceReader.read(
            """
            stem: {width: 16}
            stages: [{width: 16}]
            recipe: {weights: [fp16, int8], pruning: [0, 0.5], fine_tune_epochs: [1, 2]}
            training: {learning_rate: {from: 0.001, to: 0.004, factor: 2}, optimizer: sgd}
            """,
            "test.yaml");
    Genome genome =
        space
            .decisions()
            .parse(
                "recipe.weights=int8 recipe.pruning=0.5 recipe.fine_tune_epochs=2"
                    + " training.learning_rate=0.002");

    Candidate candidate = space.decode(genome, FASHION, PLAN);

    assertThat(candidate.recipe().steps())
        .containsExactly(new ChannelPruning(0.5, 2), new Quantization(Precision.INT8));
    assertThat(candidate.training().schedule().peak()).isEqualTo(0.002);
    assertThat(candidate.training().optimizer()).isEqualTo(Optimizer.SGD);
    assertThat(candidate.training().batch()).isEqualTo(PLAN.batch());
    // two weights, times three rates, times unpruned or pruned with two fine-tunings
    assertThat(space.decisions().size()).isEqualTo(2 * 3 * (1 + 2));
  }

  @Test
  void aStageOfDepthZeroDecidesNothingElse() {
    CandidateSpace space =
        SpaceReader.read(
            """
            stem: {width: 8}
            stages: [{depth: [0, 1], block: [conv, inverted], width: [8, 16], expansion: [2, 4]}]
            """,
            "test.yaml");

    // nothing; or two widths, each with a convolution or one of two expansions
    assertThat(space.decisions().size()).isEqualTo(1 + 2 * (1 + 2));
  }

  @Test
  void theCondensationCountsWhereABlockCondenses() {
    CandidateSpace space =
        SpaceReader.read(
            """
            stem: {width: 16}
            stages:
              - {block: [dense, condense], growth: 8, groups: 4, condensation: [1, 4], width: 16}
            """,
            "test.yaml");

    // dense; or condense with given, or with learned groups
    assertThat(space.decisions().size()).isEqualTo(1 + 2);
    Genome genome = space.decisions().parse("stage1.block=condense stage1.condensation=4");
    Candidate candidate = space.decode(genome, FASHION, PLAN);
    assertThat(candidate.architecture().nodes())
        .extracting(node -> (Object) node.layer())
        .contains(new LearnedGroupConvolution(32, 4, 4));
    assertThat(CandidateCost.breakdown(candidate))
        .isEqualTo(NetworkCost.of(CondensedForm.foretold(candidate.architecture()), Storage.FP32));
    assertThatThrownBy(
            () ->
                SpaceReader.read(
                    "stem: {width: 8}\nstages: [{width: 8, block: dense, condensation: 4}]\n",
                    "test.yaml"))
        .hasMessageContaining("test.yaml:2:49")
        .hasMessageContaining("'condensation' is never used: stage1 has no condense block");
  }

  @Test
  void anImpossibleNetworkIsRefusedWithItsReason() {
    Genome genome = MOBILE.decisions().sample(new SplittableRandom(1));

    assertThatThrownBy(
            () -> MOBILE.decode(narrowed(genome), Fashion.card(new Shape(1, 2, 2)), PLAN))
        .isInstanceOf(InvalidArchitectureException.class)
        .hasMessageContaining("stage2_pool")
        .hasMessageContaining("does not fit");
  }

  private static Genome narrowed(Genome genome) {
    String text = genome.text().replaceAll("stage(\\d).downsample=\\w+", "stage$1.downsample=max");
    return MOBILE.decisions().parse(text);
  }

  @Property(tries = 50)
  void itsYamlIsTheSameSpace(@ForAll long seed) {
    CandidateSpace again = SpaceReader.read(MOBILE.yaml(), "again");

    assertThat(again.decisions().decisions()).isEqualTo(MOBILE.decisions().decisions());
    assertThat(again.decisions().name()).isEqualTo("mobile");
    assertThat(decode(again, seed)).isEqualTo(decode(MOBILE, seed));
  }
}
