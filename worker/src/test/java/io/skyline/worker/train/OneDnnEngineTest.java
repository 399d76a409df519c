package io.skyline.worker.train;

import static io.skyline.worker.train.SmallProblem.IMAGE;
import static io.skyline.worker.train.SmallProblem.mixture;
import static io.skyline.worker.train.SmallProblem.plan;
import static io.skyline.worker.train.SmallProblem.stripes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OneDnnEngineTest {
  private final OneDnnEngine engine = new OneDnnEngine();

  private static double accuracy(float[] probabilities, Examples examples) {
    int classes = probabilities.length / examples.count();
    int right = 0;
    for (int i = 0; i < examples.count(); i++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = probabilities[i * classes + c] > probabilities[i * classes + best] ? c : best;
      }
      right += best == examples.labels()[i] ? 1 : 0;
    }
    return right / (double) examples.count();
  }

  private static void assertSameBits(Weights expected, Weights actual) {
    assertThat(actual.tensors().keySet()).isEqualTo(expected.tensors().keySet());
    expected
        .tensors()
        .forEach(
            (key, values) -> assertThat(actual.tensors().get(key)).as(key).containsExactly(values));
  }

  @ParameterizedTest
  @EnumSource(Optimizer.class)
  void learnsASmallProblem(Optimizer optimizer) {
    Network start = engine.fresh(mixture(), Nets.normalization(IMAGE), 1);
    List<Double> losses = new ArrayList<>();

    Network trained =
        engine.train(
            start,
            plan(12, optimizer, optimizer == Optimizer.SGD ? 0.05 : 0.01),
            stripes(256, 2),
            3,
            (epoch, epochs, batch, batches, loss) -> {
              assertThat(epochs).isEqualTo(12);
              assertThat(batches).isEqualTo(16);
              assertThat(losses).hasSize(epoch * 16 + batch);
              losses.add(loss);
              return true;
            });

    assertThat(losses.get(0)).isGreaterThan(0.8);
    assertThat(losses.get(losses.size() - 1)).isLessThan(0.35);
    assertThat(accuracy(engine.predict(trained, stripes(300, 4)), stripes(300, 4)))
        .isGreaterThan(0.97);
  }

  @Test
  void trainsTheSameBitsFromTheSameSeedOnEveryThread() throws Exception {
    Network start = engine.fresh(mixture(), Nets.normalization(IMAGE), 1);
    Examples examples = stripes(330, 2);
    TrainingPlan plan =
        new TrainingPlan(1, 16, Optimizer.ADAM, 0.01, 0.2, 1e-4, 0.1, new Augmentation(true, 2));
    Network expected = engine.train(start, plan, examples, 9, TrainingProgress.SILENT);
    assertSameBits(
        expected.weights(),
        engine.train(start, plan, examples, 9, TrainingProgress.SILENT).weights());

    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Network>> trained = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        trained.add(
            threads.submit(() -> engine.train(start, plan, examples, 9, TrainingProgress.SILENT)));
      }
      for (Future<Network> network : trained) {
        assertSameBits(expected.weights(), network.get().weights());
      }
    } finally {
      threads.shutdownNow();
    }
    Network other = engine.train(start, plan, examples, 10, TrainingProgress.SILENT);
    assertThat(other.weights().tensors().get("l0.kernel"))
        .isNotEqualTo(expected.weights().tensors().get("l0.kernel"));
  }

  @Test
  void leavesTheStartingWeightsAlone() {
    Network start = engine.fresh(mixture(), Nets.normalization(IMAGE), 1);
    Network copy = engine.fresh(mixture(), Nets.normalization(IMAGE), 1);

    engine.train(start, plan(1, Optimizer.ADAM, 0.01), stripes(64, 2), 3, TrainingProgress.SILENT);

    assertSameBits(copy.weights(), start.weights());
  }

  @Test
  void carriesEveryWeightThroughTheBlockedLayoutUnchanged() {
    Network network = Nets.network(mixture(), 4);
    try (Graph graph = new Graph(network, 3, true)) {
      assertSameBits(network.weights(), graph.weights());
    }
    try (Graph graph = new Graph(network, 3, false)) {
      assertSameBits(network.weights(), graph.weights());
    }
  }

  @Test
  void keepsRunningStatisticsOfEveryBatch() {
    Architecture architecture =
        Nets.chain(
            IMAGE,
            Convolution.same(12, 3, 1),
            new BatchNorm(),
            new GlobalAveragePool(),
            new BatchNorm(),
            new Dense(3, true));
    Network network = Nets.network(architecture, 4);
    Examples examples = Nets.examples(IMAGE, 8, 3, 5);
    // One batch that is the whole set: its statistics do not depend on the order.
    TrainingPlan once = new TrainingPlan(1, 8, Optimizer.SGD, 1e-9, 0, 0, 0, Augmentation.NONE);

    Weights trained = engine.train(network, once, examples, 1, TrainingProgress.SILENT).weights();

    var reference = new DoubleReference(architecture, network.weights(), 8, true);
    reference.logits(Nets.normalised(network, examples));
    for (String name : List.of("l1", "l3")) {
      double values = name.equals("l1") ? 8.0 * 12 * 12 : 8.0;
      double[] mean = reference.batchMeans.get(name);
      double[] variance = reference.batchVariances.get(name);
      float[] oldMean = network.weights().tensors().get(name + ".mean");
      float[] oldVariance = network.weights().tensors().get(name + ".variance");
      for (int c = 0; c < 12; c++) {
        assertThat((double) trained.tensors().get(name + ".mean")[c])
            .isCloseTo(0.9 * oldMean[c] + 0.1 * mean[c], Offset.offset(1e-5));
        assertThat((double) trained.tensors().get(name + ".variance")[c])
            .isCloseTo(
                0.9 * oldVariance[c] + 0.1 * variance[c] * values / (values - 1),
                Offset.offset(1e-5));
      }
    }
  }

  @Test
  void predictsEveryExampleAlikeWhateverTheBatch() {
    Network network = Nets.network(mixture(), 4);
    Examples examples = stripes(131, 6);
    float[] all = engine.predict(network, examples);
    assertThat(all).hasSize(131 * 3);
    for (int i : new int[] {0, 63, 64, 128, 130}) {
      float[] alone = engine.predict(network, examples.slice(i, i + 1));
      for (int c = 0; c < 3; c++) {
        assertThat(all[i * 3 + c]).isCloseTo(alone[c], Offset.offset(1e-5f));
      }
    }
    assertThat(engine.predict(network, examples.slice(0, 0))).isEmpty();
  }

  @Test
  void namesTheLayerThatOneDnnHasNoFastCodeFor() {
    // No such layer is known that our fallbacks do not cover; the guard itself is what is tested.
    var description =
        new org.bytedeco.dnnl.eltwise_forward.primitive_desc(
            new org.bytedeco.dnnl.eltwise_forward.desc(
                org.bytedeco.dnnl.global.dnnl.dnnl_forward_training,
                org.bytedeco.dnnl.global.dnnl.dnnl_eltwise_clip_v2_use_dst_for_bwd,
                OneDnn.blocked(2, new Shape(12, 4, 4)),
                0f,
                6f),
            OneDnn.ENGINE);
    assertThat(OneDnn.isReference(description)).isTrue();
    assertThatThrownBy(
            () ->
                new Program()
                    .add(
                        "stage1/act",
                        description,
                        new org.bytedeco.dnnl.eltwise_forward(description),
                        new org.bytedeco.dnnl.IntMemoryMap()))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("stage1/act")
        .hasMessageContaining("ref");
  }

  @Test
  void fingerprintsTheSameTwice() {
    String once = NumericFingerprint.of(engine);
    var threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    String twice = NumericFingerprint.of(engine);
    long millis = (threads.getCurrentThreadCpuTime() - start) / 1_000_000;
    assertThat(twice).isEqualTo(once).matches("[0-9a-f]{16}");
    assertThat(millis).isLessThan(300);
  }
}
