package io.skyline.worker.train;

import static io.skyline.worker.train.SmallProblem.IMAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import java.util.List;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private final OneDnnEngine engine = new OneDnnEngine();

  /** Two normalizations, so that the second depends on what the first does to a batch. */
  private static final Architecture NET =
      Nets.chain(
          IMAGE,
          Convolution.same(12, 3, 1),
          new BatchNorm(),
          Convolution.same(12, 3, 2),
          new BatchNorm(),
          new GlobalAveragePool(),
          new Dense(3, true));

  @Test
  void takesTheMeanOverBatchesOfWhatEachBatchHas() {
    Network network = Nets.network(NET, 4);
    Examples examples = Nets.examples(IMAGE, 20, 3, 5);

    Network calibrated = engine.calibrate(network, examples, 8); // two batches; four are left out

    double[][] means = new double[2][];
    double[][] variances = new double[2][];
    for (int batch = 0; batch < 2; batch++) {
      var reference = new DoubleReference(NET, network.weights(), 8, true);
      reference.logits(Nets.normalised(network, examples.slice(batch * 8, batch * 8 + 8)));
      means[batch] = reference.batchMeans.get("l3");
      variances[batch] = reference.batchVariances.get("l3");
    }
    double values = 8.0 * 6 * 6;
    for (int c = 0; c < 12; c++) {
      assertThat((double) calibrated.weights().tensors().get("l3.mean")[c])
          .isCloseTo((means[0][c] + means[1][c]) / 2, within(1e-5));
      assertThat((double) calibrated.weights().tensors().get("l3.variance")[c])
          .isCloseTo((variances[0][c] + variances[1][c]) / 2 * values / (values - 1), within(1e-5));
    }
  }

  @Test
  void forgetsTheStatisticsOfBeforeAndTouchesNothingElse() {
    Network network = Nets.network(NET, 4);
    Examples examples = Nets.examples(IMAGE, 16, 3, 5);
    Network once = engine.calibrate(network, examples, 8);

    Network again = engine.calibrate(once, examples, 8);

    for (String key : network.weights().tensors().keySet()) {
      assertThat(again.weights().tensors().get(key)).isEqualTo(once.weights().tensors().get(key));
      boolean statistic = List.of("mean", "variance").contains(key.substring(3));
      if (!statistic) {
        assertThat(once.weights().tensors().get(key))
            .isEqualTo(network.weights().tensors().get(key));
      }
    }
  }
}
