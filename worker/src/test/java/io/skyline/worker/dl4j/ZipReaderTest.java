package io.skyline.worker.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.recipe.Calibration;
import io.skyline.recipe.LayerGrids;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.WeightGrid;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Blocks;
import io.skyline.worker.network.ExitNets;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.train.OneDnnEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Zips that Skyline wrote. */
class ZipReaderTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final ZipReader READER = new ZipReader(ENGINE);

  @TempDir Path folder;

  static Stream<Architecture> blocks() {
    return Blocks.all().entrySet().stream()
        .filter(block -> !block.getKey().equals("a glimpse first"))
        .map(Map.Entry::getValue);
  }

  /** Written and read: the very weights, and answers that are the same. */
  private Network again(Network network) throws Exception {
    Path file = folder.resolve("model.zip");
    ModelZip.write(network, file);
    Examples images =
        SampleNetworks.images(
            network.architecture().input(), 6, network.architecture().classes(), 3);
    Network read = READER.read(file, images, Optional.empty());
    assertThat(ENGINE.predict(read, images))
        .containsExactly(ENGINE.predict(network, images), within(2e-5f));
    return read;
  }

  @ParameterizedTest
  @MethodSource("io.skyline.worker.dl4j.Dl4jGraphsTest#nets")
  void whatWasWrittenIsReadAgain(Architecture architecture) throws Exception {
    Network network = Nets.drawn(architecture, 8);
    Network read = again(network);
    assertThat(read.architecture().toString()).isEqualTo(architecture.toString());
    network
        .weights()
        .tensors()
        .forEach(
            (key, values) ->
                assertThat(read.weights().tensors().get(key))
                    .as(key)
                    .containsExactly(values, within(1e-6f)));
    assertThat(read.normalization().mean())
        .allSatisfy(m -> assertThat(m).isEqualTo(90f, within(1e-3f)));
    assertThat(read.normalization().deviation())
        .allSatisfy(d -> assertThat(d).isEqualTo(70f, within(1e-3f)));
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void blocksThatDl4jDoesNotHaveAreFoundAgain(Architecture architecture) throws Exception {
    Network read = again(Nets.drawn(architecture, 8));
    // what drops paths in training is not in a zip
    assertThat(read.architecture().nodes().stream().map(Node::layer))
        .containsExactlyElementsOf(
            architecture.nodes().stream()
                .map(Node::layer)
                .filter(layer -> !(layer instanceof DropPath))
                .toList());
  }

  @Test
  void scalesOfInputsOfMapsAndOfVectorsAreFoundAgain() throws Exception {
    Optional<WeightGrid> floats = Optional.of(WeightGrid.FP32);
    LayerGrids grids = new LayerGrids(List.of(WeightGrid.BINARY), floats, floats);
    Quantization xnor =
        new Quantization(Precision.XNOR, grids, Calibration.MIN_MAX, false, 7, 1, true);
    for (Architecture network : List.of(Nets.vggLike(), Nets.dense())) {
      Architecture form = xnor.deployed(network);
      Network read = again(Nets.drawn(form, 8));
      assertThat(magnitudes(read.architecture())).isEqualTo(magnitudes(form)).isPositive();
    }
  }

  private static long magnitudes(Architecture architecture) {
    io.skyline.architecture.Activation magnitude =
        new io.skyline.architecture.Activation(Function.ABS);
    return architecture.nodes().stream().filter(n -> n.layer().equals(magnitude)).count();
  }

  @Test
  void randomNetworksComputeTheSameAgain() throws Exception {
    for (int seed = 0; seed < 40; seed++) {
      Architecture architecture = SampleNetworks.random(new SplittableRandom(seed));
      Network network = SampleNetworks.drawn(architecture, seed);
      Network read = again(network);
      assertThat(read.normalization().mean())
          .as("seed " + seed)
          .hasSameSizeAs(network.normalization().mean());
    }
  }

  @Test
  void exitsAndTheirPlacesAreReadAgain() throws Exception {
    Network network = Nets.drawn(ExitNets.residual(5), 8);
    Network read = again(network);
    assertThat(read.architecture().exits()).isEqualTo(network.architecture().exits());
  }

  @Test
  void aPredictedNumberKeepsItsScale() throws Exception {
    SampleNetworks net = new SampleNetworks(new Shape(3, 1, 1));
    net.then(new io.skyline.architecture.Dense(8, true));
    net.then(SampleNetworks.RELU);
    net.then(new io.skyline.architecture.Dense(1, true));
    Network drawn = Nets.drawn(net.architecture(), 8);
    Normalization.Target target = new Normalization.Target(250f, 40f);
    Normalization scaled =
        new Normalization(
            drawn.normalization().mean(), drawn.normalization().deviation(), Optional.of(target));
    Path file = folder.resolve("model.zip");
    Network network = new Network(drawn.architecture(), drawn.weights(), scaled);
    ModelZip.write(network, file);
    Examples rows =
        new Examples(new Shape(3, 1, 1), new float[] {1, 2, 3, 80, 90, 99}, new float[2]);
    Network read = READER.read(file, rows, Optional.empty());
    assertThat(read.normalization().target()).contains(target);
    assertThat(ENGINE.predict(read, rows))
        .containsExactly(ENGINE.predict(network, rows), within(1e-2f));
  }
}
