package io.skyline.worker.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.train.DivergedException;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.TrainingCancelledException;
import io.skyline.worker.train.TrainingProgress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Dl4jEngineTest {
  private static final Engine ENGINE = new Dl4jEngine();
  private static final Normalization NORMALIZATION =
      new Normalization(Collections.nCopies(3, 100f), Collections.nCopies(3, 60f));

  /** Noise with a brighter patch whose place is the class. */
  private static Examples patches(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape shape = new Shape(3, 12, 10);
    byte[] pixels = new byte[count * (int) shape.elements()];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % 5;
      for (int p = 0; p < shape.elements(); p++) {
        int column = p % 10;
        int base = column / 2 == labels[i] ? 110 : 60;
        pixels[i * (int) shape.elements() + p] = (byte) (base + random.nextInt(80));
      }
    }
    return new Examples(shape, pixels, labels);
  }

  private static TrainingPlan plan(Optimizer optimizer) {
    double rate = optimizer == Optimizer.ADAM ? 0.01 : 0.05;
    return new TrainingPlan(6, 16, optimizer, rate, 0.5, 1e-4, 0.05, new Augmentation(false, 0));
  }

  private static Network fresh() {
    return ENGINE.fresh(Nets.vggLikeFor(12, 10, 5), NORMALIZATION, 1);
  }

  private static double accuracy(Network network, Examples examples) {
    float[] probabilities = ENGINE.predict(network, examples);
    int right = 0;
    for (int i = 0; i < examples.count(); i++) {
      int best = 0;
      for (int c = 1; c < 5; c++) {
        best = probabilities[i * 5 + c] > probabilities[i * 5 + best] ? c : best;
      }
      right += best == examples.labels()[i] ? 1 : 0;
    }
    return (double) right / examples.count();
  }

  @ParameterizedTest
  @EnumSource(Optimizer.class)
  void learnsWithEitherOptimizer(Optimizer optimizer) {
    List<Double> losses = new ArrayList<>();
    Network trained =
        ENGINE.train(
            fresh(),
            plan(optimizer),
            patches(160, 1),
            3,
            (epoch, epochs, batch, batches, loss) -> losses.add(loss));
    assertThat(losses).hasSize(6 * 10);
    assertThat(losses.get(0)).isGreaterThan(1.2);
    assertThat(losses.get(59)).isLessThan(0.7);
    assertThat(accuracy(trained, patches(100, 2))).isGreaterThan(0.9);
  }

  @Test
  void repeatsExactlyForASeed() {
    TrainingPlan plan =
        new TrainingPlan(1, 16, Optimizer.ADAM, 0.01, 0.1, 1e-4, 0, new Augmentation(true, 2));
    Network one = ENGINE.train(fresh(), plan, patches(64, 1), 3, TrainingProgress.SILENT);
    Network two = ENGINE.train(fresh(), plan, patches(64, 1), 3, TrainingProgress.SILENT);
    Network other = ENGINE.train(fresh(), plan, patches(64, 1), 4, TrainingProgress.SILENT);
    one.weights()
        .tensors()
        .forEach((key, v) -> assertThat(two.weights().tensors().get(key)).as(key).isEqualTo(v));
    assertThat(other.weights().tensors().get("c1.kernel"))
        .isNotEqualTo(one.weights().tensors().get("c1.kernel"));
  }

  @Test
  void movesRunningStatisticsATenthTowardsEachBatch() {
    Network network = ENGINE.fresh(Nets.convolutional(), NORMALIZATION, 1);
    TrainingPlan plan = new TrainingPlan(1, 16, Optimizer.SGD, 1e-9, 0, 0, 0, Augmentation.NONE);
    List<Double> none = new ArrayList<>();
    Network once =
        ENGINE.train(
            network,
            plan,
            patches(16, 1),
            3,
            (epoch, epochs, batch, batches, loss) -> none.add(loss));
    Network twice = ENGINE.train(once, plan, patches(16, 1), 3, TrainingProgress.SILENT);
    float[] first = once.weights().tensors().get("c1_norm.mean");
    float[] second = twice.weights().tensors().get("c1_norm.mean");
    float[] variance = once.weights().tensors().get("c1_norm.variance");
    float[] later = twice.weights().tensors().get("c1_norm.variance");
    for (int c = 0; c < first.length; c++) {
      assertThat(first[c]).isNotZero();
      assertThat((double) second[c]).isCloseTo(1.9 * first[c], within(1e-4));
      assertThat(later[c] - variance[c]).isCloseTo(0.9f * (variance[c] - 1), within(1e-4f));
    }
    assertThat(none).hasSize(1);
  }

  @Test
  void predictionDoesNotDependOnTheBatch() {
    Examples examples = patches(70, 5);
    float[] all = ENGINE.predict(fresh(), examples);
    float[] tail = ENGINE.predict(fresh(), examples.slice(63, 70));
    assertThat(all).hasSize(350);
    for (int i = 0; i < tail.length; i++) {
      assertThat(all[63 * 5 + i]).isCloseTo(tail[i], within(1e-6f));
    }
  }

  @Test
  void endsWhenAskedTo() {
    assertThatThrownBy(
            () ->
                ENGINE.train(
                    fresh(),
                    plan(Optimizer.ADAM),
                    patches(64, 1),
                    3,
                    (e, es, b, bs, loss) -> b < 1))
        .isInstanceOf(TrainingCancelledException.class)
        .hasMessageContaining("epoch 1 of 6");
  }

  @Test
  void saysWhenTheLossIsNoLongerANumber() {
    TrainingPlan wild = plan(Optimizer.SGD).withLearningRate(100);
    assertThatThrownBy(
            () -> ENGINE.train(fresh(), wild, patches(160, 1), 3, TrainingProgress.SILENT))
        .isInstanceOf(DivergedException.class);
  }

  @Test
  void zeroEpochsLeaveTheNetworkAsItIs() {
    Network network = fresh();
    assertThat(
            ENGINE.train(
                network,
                plan(Optimizer.ADAM).withEpochs(0),
                patches(16, 1),
                3,
                TrainingProgress.SILENT))
        .isSameAs(network);
  }
}
