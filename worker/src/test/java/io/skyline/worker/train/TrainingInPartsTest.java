package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.recipe.EarlyStopping;
import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.network.Network;
import io.skyline.worker.train.Engine.TrainedPart;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A training that pauses gives, bit by bit, what one without a pause gives. */
class TrainingInPartsTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final int EPOCHS = 5;

  /** Every kind of state: statistics, dropout that counts steps, channels that layouts pad. */
  private static Network fresh() {
    Architecture architecture =
        Nets.chain(
            SmallProblem.IMAGE,
            Convolution.same(12, 3, 1),
            new BatchNorm(),
            new Activation(Function.RELU),
            Convolution.depthwise(12, 5, 1),
            new BatchNorm(),
            new Convolution(16, 3, 2, 1, 4, true),
            new Activation(Function.RELU),
            new Dropout(0.3),
            new GlobalAveragePool(),
            new Dense(3, true));
    return ENGINE.fresh(architecture, Nets.normalization(SmallProblem.IMAGE), 1);
  }

  private static TrainingPlan plan(Optimizer optimizer, Schedule.Shape shape, double averaging) {
    return new TrainingPlan(
        EPOCHS,
        16,
        optimizer,
        new Schedule(shape, 0.01, shape == Schedule.Shape.ONE_CYCLE ? 0 : 1),
        new Regularization(0.01, 0.1, 1, averaging),
        new Augmentation(true, 1, 15, 3, 0.4));
  }

  private static TrainedPart part(
      TrainingPlan plan, Optional<Checkpoint> before, int until, long seed) {
    return ENGINE.trainPart(
        fresh(),
        plan,
        TrainingSet.of(SmallProblem.stripes(70, 2)),
        seed,
        TrainingProgress.SILENT,
        before,
        until);
  }

  @Property(tries = 12)
  void partsGiveTheSameBitsAsTheWhole(
      @ForAll Optimizer optimizer,
      @ForAll Schedule.Shape shape,
      @ForAll boolean averages,
      @ForAll @IntRange(min = 1, max = 2) int first,
      @ForAll @IntRange(min = 3, max = 4) int second) {
    TrainingPlan plan = plan(optimizer, shape, averages ? 0.9 : 0);
    Network whole =
        ENGINE.train(fresh(), plan, SmallProblem.stripes(70, 2), 7, TrainingProgress.SILENT);
    TrainedPart low = part(plan, Optional.empty(), first, 7);
    TrainedPart middle = part(plan, Optional.of(low.checkpoint()), second, 7);
    TrainedPart high = part(plan, Optional.of(middle.checkpoint()), EPOCHS, 7);
    assertThat(high.checkpoint().epochs()).isEqualTo(EPOCHS);
    assertSame(high.network(), whole);
    assertThat(middle.network().weights().tensors().get("l0.kernel"))
        .isNotEqualTo(whole.weights().tensors().get("l0.kernel"));
  }

  private static void assertSame(Network one, Network other) {
    assertThat(one.weights().tensors().keySet()).isEqualTo(other.weights().tensors().keySet());
    one.weights()
        .tensors()
        .forEach(
            (key, values) ->
                assertThat(values).as(key).isEqualTo(other.weights().tensors().get(key)));
  }

  @Test
  void aCheckpointOfAnotherTrainingIsRefused() {
    TrainingPlan adam = plan(Optimizer.ADAM, Schedule.Shape.COSINE, 0);
    Checkpoint checkpoint = part(adam, Optional.empty(), 1, 7).checkpoint();
    TrainingPlan averaging = plan(Optimizer.ADAM, Schedule.Shape.COSINE, 0.9);
    assertThatThrownBy(() -> part(averaging, Optional.of(checkpoint), 2, 7))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the checkpoint lacks average of");
    Map<String, float[]> short1 = new LinkedHashMap<>(checkpoint.numbers());
    short1.put("weights l0.kernel", new float[7]);
    assertThatThrownBy(() -> part(adam, Optional.of(new Checkpoint(1, short1)), 2, 7))
        .hasMessage("the checkpoint lacks weights of l0.kernel");
    assertThatThrownBy(() -> part(adam, Optional.of(checkpoint), 1, 7))
        .hasMessage("epochs 1 to 1 of 5 are no part of a training");
  }

  @Test
  void whatStopsByItselfDoesNotPause() {
    TrainingPlan plan =
        plan(Optimizer.ADAM, Schedule.Shape.COSINE, 0).with(new EarlyStopping(0.25, 2));
    assertThatThrownBy(() -> part(plan, Optional.empty(), 1, 7))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
