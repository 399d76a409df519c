package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Dl4jEngine;
import io.skyline.worker.dl4j.Dl4jGraphs;
import io.skyline.worker.dl4j.ModelZip;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.dl4j.ZippedModel;
import io.skyline.worker.network.Blocks;
import io.skyline.worker.network.Network;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;

/** The blocks of the literature, built of DL4J's own layers, agree with our engine. */
class BlocksAgainstDl4jTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();

  @TempDir private Path folder;

  static Stream<Arguments> blocks() {
    return Blocks.all().entrySet().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void modelZipPredictsWhatTheEnginePredicts(String name, Architecture architecture)
      throws Exception {
    Network network = Nets.drawn(architecture, 21);
    Examples examples = OneDnnAgainstDl4jTest.noise(architecture, 20);
    Path zip = folder.resolve("model.zip");
    ModelZip.write(network, zip);
    assertThat(ZippedModel.predict(zip, examples))
        .containsExactly(ENGINE.predict(network, examples), within(2e-4f));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void gradientsAgreeWithThoseInDouble(String name, Architecture architecture) {
    if (name.equals("stochastic depth")) {
      return; // DL4J has none; see the refusal below
    }
    Network network = Nets.drawn(architecture, 22);
    Examples examples = OneDnnAgainstDl4jTest.noise(architecture, 6);
    var ours = ENGINE.gradients(network, examples, OneDnnAgainstDl4jTest.SMOOTHING);
    ComputationGraph graph = Dl4jGraphs.over(network, DataType.DOUBLE);
    Map<String, double[]> exact =
        Dl4jGraphs.gradients(
            graph,
            architecture,
            OneDnnAgainstDl4jTest.inputs(network, examples),
            OneDnnAgainstDl4jTest.targets(architecture, examples));
    Dl4jGraphs.release(graph);
    exact.forEach(
        (key, values) ->
            OneDnnAgainstDl4jTest.assertClose(key, ours.gradients().tensors().get(key), values));
  }

  @Test
  void theReferenceEngineComputesGroupsThatAreToBeLearnedButDoesNotLearnThem() {
    Architecture architecture =
        io.skyline.worker.train.Nets.chain(
            new Shape(3, 8, 8),
            Convolution.same(16, 3, 1),
            new LearnedGroupConvolution(8, 4, 4),
            new GlobalAveragePool(),
            new Dense(5, true));
    Network network = Nets.drawn(architecture, 1);
    Examples examples = OneDnnAgainstDl4jTest.noise(architecture, 6);
    assertThat(new Dl4jEngine().predict(network, examples))
        .containsExactly(ENGINE.predict(network, examples), within(1e-5f));
    TrainingPlan plan = TrainingPlan.standard(1);
    assertThatThrownBy(
            () -> new Dl4jEngine().train(network, plan, examples, 1, TrainingProgress.SILENT))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("l1: DL4J cannot learn groups");
  }

  @Test
  void theReferenceEngineSaysThatItCannotDropPaths() {
    Network network = Nets.drawn(Blocks.stochasticDepth(), 1);
    Examples examples = OneDnnAgainstDl4jTest.noise(network.architecture(), 6);
    TrainingPlan plan = TrainingPlan.standard(1);
    assertThatThrownBy(
            () -> new Dl4jEngine().train(network, plan, examples, 1, TrainingProgress.SILENT))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("stochastic depth")
        .hasMessageContaining("onednn");
  }
}
