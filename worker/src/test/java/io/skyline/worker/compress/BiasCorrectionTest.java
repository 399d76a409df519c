package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ChannelMeans;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BiasCorrectionTest {
  private static final SmallFashion FASHION = SmallFashion.of(1);

  @Test
  void biasCorrectionGivesChannelsTheirMeansBack() {
    Network folded = BatchNormFolding.fold(FASHION.trained());
    Network rounded =
        Grids.round(
            folded, new Quantization(Precision.TERNARY).grids(FASHION.trained().architecture()));
    Network corrected = BiasCorrection.of(folded, rounded, FASHION.bench().calibration());
    assertThat(shift(folded, rounded)).isGreaterThan(0.05);
    assertThat(shift(folded, corrected)).isLessThan(1e-3);
    assertThat(SmallFashion.accuracy(corrected)).isGreaterThan(SmallFashion.accuracy(rounded));
  }

  /** How far the mean of a channel lies off, at most, where there is a bias. */
  private static double shift(Network one, Network other) {
    var layers =
        one.architecture().nodes().stream()
            .filter(node -> one.weights().tensors().containsKey(node.name() + ".bias"))
            .toList();
    Map<String, double[]> means = ChannelMeans.measure(one, layers, FASHION.bench().calibration());
    Map<String, double[]> others =
        ChannelMeans.measure(other, layers, FASHION.bench().calibration());
    double largest = 0;
    for (Map.Entry<String, double[]> each : means.entrySet()) {
      for (int i = 0; i < each.getValue().length; i++) {
        double off = each.getValue()[i] - others.get(each.getKey())[i];
        largest = Math.max(largest, Math.abs(off));
      }
    }
    return largest;
  }
}
