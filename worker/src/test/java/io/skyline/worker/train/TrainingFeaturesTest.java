package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Shape;
import io.skyline.recipe.EarlyStopping;
import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TrainingFeaturesTest {
  private static final Shape IMAGE = new Shape(1, 8, 8);
  private static final Engine ENGINE = new OneDnnEngine();
  private static final Examples EXAMPLES = Nets.examples(IMAGE, 32, 3, 5);

  private static Network fresh() {
    Architecture architecture =
        Nets.chain(
            IMAGE,
            Convolution.same(8, 3, 1),
            new BatchNorm(),
            new GlobalAveragePool(),
            new Dense(3, true));
    return ENGINE.fresh(architecture, Nets.normalization(IMAGE), 1);
  }

  private static TrainingPlan plan(int epochs, double rate, Regularization regularization) {
    return new TrainingPlan(
        epochs,
        32,
        Optimizer.SGD,
        new Schedule(Schedule.Shape.COSINE, rate, 0),
        regularization,
        Augmentation.NONE);
  }

  private static Map<String, float[]> train(TrainingPlan plan, long seed) {
    return ENGINE.train(fresh(), plan, EXAMPLES, seed, TrainingProgress.SILENT).weights().tensors();
  }

  @Test
  void everythingAtOnceGivesTheSameBitsFromTheSameSeed() {
    TrainingPlan all =
        new TrainingPlan(
                3,
                8,
                Optimizer.ADAMW,
                new Schedule(Schedule.Shape.ONE_CYCLE, 0.01, 0),
                new Regularization(0.01, 0.1, 1, 0.9),
                new Augmentation(true, 1, 15, 3, 0.4))
            .with(new EarlyStopping(0.25, 2));
    Map<String, float[]> one = train(all, 7);
    Map<String, float[]> two = train(all, 7);
    one.forEach((key, values) -> assertThat(two.get(key)).as(key).isEqualTo(values));
    assertThat(train(all, 8).get("l0.kernel")).isNotEqualTo(one.get("l0.kernel"));
  }

  @Test
  void theAverageOfWeightsAndStatisticsIsWhatATrainingGives() {
    Map<String, float[]> start = fresh().weights().tensors();
    Map<String, float[]> last = train(plan(1, 0.1, new Regularization(0, 0)), 3);
    Map<String, float[]> averaged = train(plan(1, 0.1, new Regularization(0, 0, 0, 0.9)), 3);
    // the first step decays by a tenth
    start.forEach(
        (key, from) -> {
          for (int i = 0; i < from.length; i++) {
            float expected = 0.1f * from[i] + 0.9f * last.get(key)[i];
            assertThat(averaged.get(key)[i]).as(key).isCloseTo(expected, within(1e-5f));
          }
        });
  }

  @Test
  void stopsWhenTheHeldBackSliceGetsNoBetter() {
    Network linear =
        ENGINE.fresh(
            Nets.chain(IMAGE, new GlobalAveragePool(), new Dense(3, true)),
            Nets.normalization(IMAGE),
            1);
    TrainingPlan still = plan(20, 1e-12, new Regularization(0, 0)).with(new EarlyStopping(0.25, 2));
    Set<Integer> epochs = new HashSet<>();
    ENGINE.train(
        linear,
        still,
        EXAMPLES,
        3,
        (epoch, of, batch, batches, loss) -> {
          epochs.add(epoch);
          return true;
        });
    assertThat(epochs).containsExactly(0, 1, 2);
  }
}
