package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.TrainingPlan;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamedNetworkTest {
  private static final TrainingPlan PLAN = TrainingPlan.standard(1);

  /** The numbers of Han et al. 2015 and He et al. 2016; those of vgg-small are counted by hand. */
  @ParameterizedTest
  @CsvSource({
    "lenet-300-100, 1, 28, 266610",
    "lenet-5, 1, 28, 431080",
    "vgg-small, 1, 28, 288170",
    "resnet-20, 3, 32, 272474"
  })
  void aNamedNetworkHasItsPublishedParameters(
      String name, int channels, int extent, long parameters) {
    Architecture network = NamedNetwork.of(name).build(new Shape(channels, extent, extent), 10, 1);

    assertThat(NetworkCost.trainableParameters(network)).isEqualTo(parameters);
  }

  @Test
  void resnet20ComputesWhatIsPublished() {
    Architecture network = NamedNetwork.RESNET_20.build(new Shape(3, 32, 32), 10, 1);

    assertThat(NetworkCost.of(network, Storage.FP32).macs()).isEqualTo(40_813_184);
  }

  @Test
  void widthsAreScaledInEights() {
    Architecture half = NamedNetwork.RESNET_20.build(new Shape(1, 28, 28), 10, 0.4);

    assertThat(half.shape("stage1_3_act").channels()).isEqualTo(8);
    assertThat(half.shape("stage2_3_act")).isEqualTo(new Shape(16, 14, 14));
    assertThat(half.shape("stage3_3_act").channels()).isEqualTo(24);
  }

  @Test
  void oneNetworkIsASpaceOfOneGenome() {
    CandidateSpace space = SpaceReader.read("{fixed: lenet-5}", "f.yaml");

    Genome only = space.decisions().genome(0);

    assertThat(space.decisions().size()).isOne();
    assertThat(only.text()).isEqualTo("network=lenet-5");
    assertThat(space.decode(only, Fashion.CARD, PLAN).architecture())
        .isEqualTo(NamedNetwork.LENET_5.build(new Shape(1, 28, 28), 10, 1));
  }

  @Test
  void theGenomeChoosesNetworkWidthAndRecipe() {
    CandidateSpace space =
        SpaceReader.read(
            """
            kind: fixed
            fixed: [vgg-small, resnet-20]
            width: [0.5, 1]
            recipe: {weights: [fp32, int8]}
            """,
            "f.yaml");
    Genome genome = space.decisions().parse("network=resnet-20 width=0.5 recipe.weights=int8");

    assertThat(space.decisions().size()).isEqualTo(8);
    assertThat(space.decode(genome, Fashion.CARD, PLAN).architecture())
        .isEqualTo(NamedNetwork.RESNET_20.build(new Shape(1, 28, 28), 10, 0.5));
  }

  @Test
  void pointsAtANameThatIsNone() {
    assertThatThrownBy(() -> SpaceReader.read("fixed: [lenet-5, resnet-50]", "f.yaml"))
        .hasMessage("f.yaml:1:18: 'fixed' cannot be 'resnet-50'. Did you mean 'resnet-20'?");
    assertThatThrownBy(() -> SpaceReader.read("kind: fixed", "f.yaml"))
        .hasMessage("f.yaml:1:1: the space needs 'fixed'. Write, for example, fixed: resnet-20.");
    assertThat(NamedNetwork.words())
        .isEqualTo(List.of("lenet-300-100", "lenet-5", "vgg-small", "resnet-20"));
  }
}
