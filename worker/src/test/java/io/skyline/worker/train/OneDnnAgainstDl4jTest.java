package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Batches;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Dl4jEngine;
import io.skyline.worker.dl4j.Dl4jGraphs;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Whole networks with the same weights give the same in our engine and in DL4J. */
class OneDnnAgainstDl4jTest {
  static final double SMOOTHING = 0.1;
  private static final OneDnnEngine ENGINE = new OneDnnEngine();

  static Stream<Arguments> nets() {
    return Stream.of(
            Named.of("convolutional", Nets.convolutional()),
            Named.of("depthwise", Nets.depthwise()),
            Named.of("inverted residual", Nets.residual()),
            Named.of("VGG-like with biases", Nets.vggLike()),
            Named.of("flattened and dense", Nets.dense()),
            Named.of("windows of one row", Nets.signal()))
        .map(Arguments::of);
  }

  static Examples noise(Architecture architecture, int count) {
    SplittableRandom random = new SplittableRandom(11);
    Shape shape = architecture.input();
    byte[] pixels = new byte[Math.toIntExact(count * shape.elements())];
    random.nextBytes(pixels);
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> i % architecture.classes());
    return new Examples(shape, pixels, labels);
  }

  @ParameterizedTest
  @MethodSource("nets")
  void probabilitiesAgree(Architecture architecture) {
    Network network = Nets.drawn(architecture, 21);
    Examples examples = noise(architecture, 70);
    float[] ours = ENGINE.predict(network, examples);
    float[] theirs = new Dl4jEngine().predict(network, examples);
    assertThat(ours).containsExactly(theirs, within(1e-4f));
  }

  @ParameterizedTest
  @MethodSource("nets")
  void lossAndGradientsAgreeWithThoseInDouble(Architecture architecture) {
    Network network = Nets.drawn(architecture, 22);
    Examples examples = noise(architecture, 12);
    OneDnnEngine.LossAndGradients ours = ENGINE.gradients(network, examples, SMOOTHING);

    ComputationGraph graph = Dl4jGraphs.over(network, DataType.DOUBLE);
    Map<String, double[]> exact =
        Dl4jGraphs.gradients(
            graph, architecture, inputs(network, examples), targets(architecture, examples));
    assertThat(ours.loss()).isCloseTo(graph.score(), within(1e-4 * graph.score()));
    Dl4jGraphs.release(graph);

    assertThat(ours.gradients().tensors().keySet()).isEqualTo(exact.keySet());
    exact.forEach((key, values) -> assertClose(key, ours.gradients().tensors().get(key), values));
  }

  /** Relative to the tensor's own size; what is zero in theory is zero next to the largest. */
  static void assertClose(String key, float[] ours, double[] exact) {
    double error = 0;
    double norm = 0;
    for (int i = 0; i < exact.length; i++) {
      error += (ours[i] - exact[i]) * (ours[i] - exact[i]);
      norm += exact[i] * exact[i];
    }
    assertThat(ours).as(key).hasSameSizeAs(exact);
    assertThat(Math.sqrt(error)).as(key).isLessThan(1e-3 * Math.sqrt(norm) + 1e-6);
  }

  static INDArray inputs(Network network, Examples examples) {
    Shape shape = examples.shape();
    float[] images = new float[examples.count() * Math.toIntExact(shape.elements())];
    new Batches(examples, network.normalization(), Augmentation.NONE, examples.count(), 0)
        .fillInOrder(0, images);
    long[] dimensions = {examples.count(), shape.channels(), shape.height(), shape.width()};
    return Nd4j.createFromArray(images).reshape('c', dimensions).castTo(DataType.DOUBLE);
  }

  static INDArray targets(Architecture architecture, Examples examples) {
    int classes = architecture.classes();
    double[][] targets = new double[examples.count()][classes];
    for (int i = 0; i < targets.length; i++) {
      Arrays.fill(targets[i], SMOOTHING / classes);
      targets[i][examples.labels()[i]] += 1 - SMOOTHING;
    }
    return Nd4j.createFromArray(targets);
  }

  @ParameterizedTest
  @EnumSource(Optimizer.class)
  void theFirstStepOfTrainingAgrees(Optimizer optimizer) {
    assertThat(trained(optimizer, 1, 32).difference()).isLessThan(0.01);
  }

  /** Not so for SGD: DL4J's velocity keeps the learning rates of earlier steps. */
  @Test
  void severalStepsOfAdamAgree() {
    Trained trained = trained(Optimizer.ADAM, 3, 96);
    assertThat(trained.ourLosses()).hasSize(9);
    for (int step = 0; step < 9; step++) {
      double ours = trained.ourLosses().get(step);
      assertThat(trained.theirLosses().get(step)).isCloseTo(ours, within(1e-3 * ours));
    }
    assertThat(trained.difference()).isLessThan(0.05);
  }

  /** What both engines made of one network; the difference is relative to the way trained. */
  private record Trained(List<Double> ourLosses, List<Double> theirLosses, double difference) {}

  private static Trained trained(Optimizer optimizer, int epochs, int count) {
    Architecture architecture = Nets.convolutional();
    Network network = Nets.drawn(architecture, 23);
    Examples examples = noise(architecture, count);
    TrainingPlan plan =
        new TrainingPlan(
            epochs, 32, optimizer, 1e-3, 0.5, 1e-2, SMOOTHING, new Augmentation(true, 1));
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    Network one = ENGINE.train(network, plan, examples, 5, (e, es, b, bs, l) -> ours.add(l));
    Network other =
        new Dl4jEngine().train(network, plan, examples, 5, (e, es, b, bs, l) -> theirs.add(l));
    double way = 0;
    double difference = 0;
    for (String key : List.of("c1.kernel", "c2.kernel", "c2_norm.gamma", "scores.bias")) {
      float[] weights = one.weights().tensors().get(key);
      way += distance(weights, network.weights().tensors().get(key));
      difference += distance(weights, other.weights().tensors().get(key));
    }
    return new Trained(ours, theirs, difference / way);
  }

  private static double distance(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (one[i] - other[i]) * (one[i] - other[i]);
    }
    return Math.sqrt(sum);
  }

  @Test
  void bothDrawTheSameFreshWeights() {
    Architecture architecture = Nets.residual();
    Map<String, float[]> ours = ENGINE.initialize(architecture, 4).tensors();
    new Dl4jEngine()
        .initialize(architecture, 4)
        .tensors()
        .forEach((key, values) -> assertThat(ours.get(key)).as(key).isEqualTo(values));
  }
}
