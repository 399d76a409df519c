package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Dl4jEngine;
import io.skyline.worker.dl4j.Dl4jGraphs;
import io.skyline.worker.network.ExitNets;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;

/** Networks with exits are trained on all their outputs at once, and left by their policy. */
class JointTrainingTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final Architecture ARCHITECTURE = ExitNets.residual(5);

  @Test
  void lossAndGradientsOfAllOutputsTogetherAgreeWithThoseInDouble() {
    Network network = Nets.network(ARCHITECTURE, 31);
    Examples examples = OneDnnAgainstDl4jTest.noise(ARCHITECTURE, 12);
    OneDnnEngine.LossAndGradients ours =
        ENGINE.gradients(network, examples, OneDnnAgainstDl4jTest.SMOOTHING);

    ComputationGraph graph = Dl4jGraphs.over(network, DataType.DOUBLE);
    Map<String, double[]> exact =
        Dl4jGraphs.gradients(
            graph,
            ARCHITECTURE,
            OneDnnAgainstDl4jTest.inputs(network, examples),
            OneDnnAgainstDl4jTest.targets(ARCHITECTURE, examples));
    assertThat(ours.loss()).isCloseTo(graph.score(), within(1e-4 * graph.score()));
    Dl4jGraphs.release(graph);

    assertThat(ours.gradients().tensors().keySet()).isEqualTo(exact.keySet());
    exact.forEach(
        (key, values) ->
            OneDnnAgainstDl4jTest.assertClose(key, ours.gradients().tensors().get(key), values));
  }

  @Test
  void anExitsLossCountsThreeTenthsOfTheLastOnes() {
    Examples examples = OneDnnAgainstDl4jTest.noise(ARCHITECTURE, 8);
    OneDnnEngine.LossAndGradients joint =
        ENGINE.gradients(Nets.network(ARCHITECTURE, 31), examples, 0);
    assertThat(joint.logits()).hasSize(3 * 8 * 5);
    double[] each = new double[3];
    for (int output = 0; output < 3; output++) {
      for (int i = 0; i < 8; i++) {
        int from = (output * 8 + i) * 5;
        double sum = 0;
        for (int c = 0; c < 5; c++) {
          sum += Math.exp(joint.logits()[from + c]);
        }
        each[output] += Math.log(sum) - joint.logits()[from + examples.labels()[i]];
      }
    }
    double expected = (0.3 * each[0] + 0.3 * each[1] + each[2]) / 8;
    assertThat(joint.loss()).isCloseTo(expected, within(1e-5));
  }

  @Test
  void bothEnginesTakeTheSameFirstSteps() {
    Network network = Nets.network(ARCHITECTURE, 32);
    Examples examples = OneDnnAgainstDl4jTest.noise(ARCHITECTURE, 96);
    TrainingPlan plan =
        new TrainingPlan(1, 32, Optimizer.ADAM, 1e-3, 0.5, 1e-2, 0.1, new Augmentation(true, 1));
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    ENGINE.train(network, plan, examples, 5, (e, es, b, bs, l) -> ours.add(l));
    new Dl4jEngine().train(network, plan, examples, 5, (e, es, b, bs, l) -> theirs.add(l));
    assertThat(ours).hasSize(3);
    for (int step = 0; step < 3; step++) {
      assertThat(theirs.get(step)).isCloseTo(ours.get(step), within(1e-3 * ours.get(step)));
    }
  }

  @Test
  void trainingImprovesEveryOutput() {
    Architecture architecture = ExitNets.residual(3);
    Examples examples = SmallProblem.stripes(240, 5);
    TrainingPlan plan = SmallProblem.plan(12, Optimizer.ADAM, 0.01);
    Network fresh = ENGINE.fresh(architecture, Nets.normalization(architecture.input()), 3);
    Network trained = ENGINE.train(fresh, plan, examples, 3, TrainingProgress.SILENT);
    for (int output = 0; output < 3; output++) {
      assertThat(accuracy(onlyAt(trained, output), examples)).isGreaterThan(0.9);
    }
  }

  /** All examples leave at one output. */
  private static Network onlyAt(Network network, int output) {
    Float[] thresholds = {ExitPolicy.NEVER, ExitPolicy.NEVER};
    if (output < thresholds.length) {
      thresholds[output] = Float.MIN_VALUE;
    }
    return network.with(ExitPolicy.of(List.of(thresholds)));
  }

  private static double accuracy(Network network, Examples examples) {
    float[] probabilities = ENGINE.predict(network, examples);
    int classes = network.architecture().classes();
    int right = 0;
    for (int i = 0; i < examples.count(); i++) {
      right += ExitPolicy.answer(probabilities, i, classes) == examples.labels()[i] ? 1 : 0;
    }
    return (double) right / examples.count();
  }

  @Test
  void predictionsAreOfTheFirstExitThatIsConfident() {
    Network network = Nets.network(ARCHITECTURE, 33);
    Examples examples = OneDnnAgainstDl4jTest.noise(ARCHITECTURE, 70);
    float[] first = ENGINE.predict(onlyAt(network, 0), examples);
    float[] second = ENGINE.predict(onlyAt(network, 1), examples);
    float[] last = ENGINE.predict(network, examples);
    float threshold = median(first);
    Network leaving = ExitNets.leavingAt(network, threshold);
    float[] answers = ENGINE.predict(leaving, examples);
    int early = 0;
    for (int i = 0; i < examples.count(); i++) {
      boolean leaves = ExitPolicy.confidence(first, i, 5) >= threshold;
      boolean later = ExitPolicy.confidence(second, i, 5) >= threshold;
      float[] expected = leaves ? first : later ? second : last;
      early += leaves ? 1 : 0;
      assertThat(Arrays.copyOfRange(answers, 5 * i, 5 * i + 5))
          .isEqualTo(Arrays.copyOfRange(expected, 5 * i, 5 * i + 5));
    }
    assertThat(early).isBetween(30, 40);
    assertThat(answers).isNotEqualTo(last);
    // DL4J leaves by the same policy
    assertThat(new Dl4jEngine().predict(onlyAt(network, 1), examples))
        .containsExactly(second, within(1e-4f));
  }

  private static float median(float[] probabilities) {
    float[] confidences = new float[probabilities.length / 5];
    for (int i = 0; i < confidences.length; i++) {
      confidences[i] = ExitPolicy.confidence(probabilities, i, 5);
    }
    Arrays.sort(confidences);
    return confidences[confidences.length / 2];
  }
}
