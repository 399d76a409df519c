package io.skyline.worker.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.cost.Operator.Kind;
import io.skyline.cost.OperatorPlan;
import io.skyline.cost.Storage;
import io.skyline.space.Catalog;
import io.skyline.worker.device.PredictionQuality.Pair;
import io.skyline.worker.device.RandomModels.Drawn;
import io.skyline.worker.score.ModelSession;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class RandomModelsTest {
  @Test
  void everySpaceAndEveryChainGivesModelsThatLoad() {
    RandomModels models = new RandomModels(3);
    Chains chains = new Chains(new SplittableRandom(3));
    for (int i = 0; i < 2 * Catalog.names().size(); i++) {
      for (Drawn drawn : List.of(models.next(), chains.next())) {
        try (ModelSession session =
            ModelSession.load(UntrainedModel.onnx(drawn.architecture(), drawn.storage()))) {
          assertThat(session.input()).isEqualTo(drawn.architecture().input());
        }
      }
    }
  }

  /** What a calibration must have seen: the rest have kinds that stand in for them. */
  @Test
  void theFewestNetworksHaveEveryKindOfOperatorThatNothingStandsInFor() {
    RandomModels models = new RandomModels(1);
    Chains chains = new Chains(new SplittableRandom(1));
    for (Storage storage : List.of(Storage.FP32, Storage.INT8)) {
      Set<Kind> missing = EnumSet.allOf(Kind.class);
      missing.removeIf(kind -> !kind.occursIn(storage));
      for (int i = 0; i < Calibration.FEWEST; i++) {
        Drawn drawn = i % 4 == 3 ? chains.next() : models.next();
        if (drawn.storage() == storage) {
          OperatorPlan.of(drawn.architecture(), storage, 8)
              .forEach(operator -> missing.remove(operator.kind()));
        }
      }
      assertThat(missing)
          .isSubsetOf(Kind.BATCH_NORM, Kind.RELU, Kind.CONVOLUTION_PLAIN, Kind.ROW_PLAIN);
    }
  }

  @Test
  void qualityIsOfErrorsRelativeToMeasurements() {
    List<Pair> pairs =
        List.of(new Pair(11, 10), new Pair(18, 20), new Pair(30, 30), new Pair(60, 40));

    assertThat(PredictionQuality.of(pairs).median()).isEqualTo(0.1, Offset.offset(1e-9));
    assertThat(PredictionQuality.of(pairs).p95()).isEqualTo(0.5);
    assertThat(PredictionQuality.of(pairs).rankCorrelation()).isEqualTo(1, Offset.offset(1e-9));
    // two neighbours of four change places: 1 - 6 * 2 / (4 * 15)
    assertThat(
            PredictionQuality.rankCorrelation(
                List.of(new Pair(1, 1), new Pair(2, 3), new Pair(3, 2), new Pair(4, 4))))
        .isEqualTo(0.8, Offset.offset(1e-9));
  }
}
