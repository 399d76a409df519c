package io.skyline.space;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.cost.CandidateCost;
import io.skyline.cost.NetworkCost;
import io.skyline.recipe.TrainingPlan;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The table of costs in docs/compression-low-rank.md. */
class LowRankCostTest {
  @ParameterizedTest
  @CsvSource({
    "vgg-small, svd, 0.5, 286994, 29127720",
    "vgg-small, spatial, 0.3, 201254, 20171580",
    "vgg-small, spatial, 0.5, 144146, 14677032",
    "vgg-small, channel, 0.3, 202022, 21526332",
    "vgg-small, channel, 0.5, 146450, 15354408",
    "resnet-20, svd, 0.5, 269506, 30905576",
    "resnet-20, spatial, 0.3, 183350, 21328380",
    "resnet-20, spatial, 0.5, 138178, 17659112",
    "resnet-20, channel, 0.3, 194230, 21315836",
    "resnet-20, channel, 0.5, 148226, 16467432",
    "lenet-5, svd, 0.5, 227020, 2088940",
    "lenet-5, spatial, 0.5, 213220, 1308140",
    "lenet-5, channel, 0.5, 215220, 1333740",
    "lenet-300-100, svd, 0.5, 132722, 132312"
  })
  void isKnownBeforeTraining(
      String network, String method, String share, long parameters, long macs) {
    String space =
        "fixed: %s\nrecipe: [{low-rank: {method: %s, share: %s}}]\n"
            .formatted(network, method, share);
    CandidateSpace read = SpaceReader.read(space, "space.yaml");
    Genome genome = read.decisions().parse("network=" + network);
    NetworkCost cost =
        CandidateCost.breakdown(read.decode(genome, Fashion.CARD, TrainingPlan.standard(1)));
    assertThat(cost.parameters()).isEqualTo(parameters);
    assertThat(cost.macs()).isEqualTo(macs);
  }
}
