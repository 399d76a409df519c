package io.skyline.worker.train;

import static io.skyline.worker.train.SmallProblem.IMAGE;
import static io.skyline.worker.train.SmallProblem.mixture;
import static io.skyline.worker.train.SmallProblem.plan;
import static io.skyline.worker.train.SmallProblem.stripes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How a training ends: by divergence, by request, or with little or nothing to do. */
class TrainingEndsTest {
  private final OneDnnEngine engine = new OneDnnEngine();

  @Test
  void raisesDivergence() {
    Architecture unnormalized =
        Nets.chain(
            IMAGE,
            new Convolution(16, 3, 1, 1, 1, true),
            new Activation(Function.RELU),
            new GlobalAveragePool(),
            new Dense(3, true));
    Network start = engine.fresh(unnormalized, Nets.normalization(IMAGE), 1);
    assertThatThrownBy(
            () ->
                engine.train(
                    start,
                    new TrainingPlan(40, 16, Optimizer.SGD, 100, 0, 0.5, 0, Augmentation.NONE),
                    stripes(64, 2),
                    3,
                    TrainingProgress.SILENT))
        .isInstanceOf(DivergedException.class);
  }

  @Test
  void raisesDivergenceOfAWeightThatNoLossShows() {
    Network start = engine.fresh(mixture(), Nets.normalization(IMAGE), 1);
    start.weights().tensors().get("l1.beta")[3] = Float.NaN;
    assertThatThrownBy(
            () ->
                engine.train(
                    start,
                    plan(1, Optimizer.SGD, 1e-3),
                    stripes(64, 2),
                    3,
                    TrainingProgress.SILENT))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("a weight is NaN");
  }

  @Test
  void stopsWhenProgressSaysSo() {
    Network start = engine.fresh(mixture(), Nets.normalization(IMAGE), 1);
    List<Integer> seen = new ArrayList<>();
    assertThatThrownBy(
            () ->
                engine.train(
                    start,
                    plan(5, Optimizer.ADAM, 1e-3),
                    stripes(64, 2),
                    3,
                    (epoch, epochs, batch, batches, loss) -> {
                      seen.add(epoch * batches + batch);
                      return seen.size() < 6;
                    }))
        .isInstanceOf(TrainingCancelledException.class)
        .hasMessageContaining("epoch 2 of 5");
    assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void trainsOnFewerExamplesThanABatch() {
    Network start = engine.fresh(mixture(), Nets.normalization(IMAGE), 1);
    List<Double> losses = new ArrayList<>();
    engine.train(
        start,
        plan(3, Optimizer.ADAM, 1e-3),
        stripes(5, 2),
        3,
        (epoch, epochs, batch, batches, loss) -> losses.add(loss));
    assertThat(losses).hasSize(3);
  }

  @Test
  void returnsTheNetworkItselfForNoEpochs() {
    Network start = engine.fresh(mixture(), Nets.normalization(IMAGE), 1);
    assertThat(
            engine.train(
                start, plan(0, Optimizer.ADAM, 1e-3), stripes(5, 2), 3, TrainingProgress.SILENT))
        .isSameAs(start);
  }
}
