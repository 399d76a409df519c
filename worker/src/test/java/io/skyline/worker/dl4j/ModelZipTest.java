package io.skyline.worker.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.ExitNets;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.train.OneDnnEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ModelZipTest {
  @TempDir Path folder;

  private static float[] pixels(Architecture architecture, int batch) {
    SplittableRandom random = new SplittableRandom(3);
    float[] pixels = new float[batch * Math.toIntExact(architecture.input().elements())];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256);
    }
    return pixels;
  }

  private static INDArray batched(Architecture architecture, float[] pixels, int batch) {
    long height = architecture.input().height();
    long width = architecture.input().width();
    return Nd4j.createFromArray(pixels)
        .reshape('c', new long[] {batch, architecture.input().channels(), height, width});
  }

  /** Normalised by hand, run in plain loops. */
  private static double[] expected(Network network, float[] pixels, int batch) {
    int area = network.architecture().input().height() * network.architecture().input().width();
    int channels = network.architecture().input().channels();
    double[] normalized = new double[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      int c = i / area % channels;
      double mean = network.normalization().mean().get(c);
      normalized[i] = (pixels[i] - mean) / network.normalization().deviation().get(c);
    }
    return PlainInference.probabilities(network, normalized, batch);
  }

  @ParameterizedTest
  @MethodSource("io.skyline.worker.dl4j.Dl4jGraphsTest#nets")
  void loadsInDl4jAndTakesRawPixels(Architecture architecture) throws Exception {
    Network network = Nets.drawn(architecture, 8);
    Path file = folder.resolve("model.zip");
    ModelZip.write(network, file);

    ComputationGraph graph = ComputationGraph.load(file.toFile(), true);
    float[] pixels = pixels(architecture, 3);
    double[] outputs =
        graph.outputSingle(batched(architecture, pixels, 3)).dup('c').data().asDouble();
    assertThat(outputs).containsExactly(expected(network, pixels, 3), within(5e-5));
    Dl4jGraphs.release(graph);
  }

  @Test
  void keepsEachChannelsNormalisationHoweverSmallItsDeviation() throws Exception {
    Network drawn = Nets.drawn(Nets.convolutional(), 8);
    Network network =
        new Network(
            drawn.architecture(),
            drawn.weights(),
            new Normalization(List.of(100f, 0.5f, 30f), List.of(1000f, 255f, 0.001f)));
    float[] pixels = pixels(network.architecture(), 1);
    for (int i = 240; i < 360; i++) {
      pixels[i] = 30 + 0.00001f * (i % 7);
    }
    Path file = folder.resolve("model.zip");
    ModelZip.write(network, file);
    ComputationGraph graph = ComputationGraph.load(file.toFile(), false);
    INDArray output = graph.outputSingle(batched(network.architecture(), pixels, 1));
    assertThat(output.dup('c').data().asDouble())
        .containsExactly(expected(network, pixels, 1), within(1e-4));
    Dl4jGraphs.release(graph);
  }

  @Test
  void fineTunesInDl4jWithoutTouchingTheNormalisation() throws Exception {
    Network network = Nets.drawn(Nets.convolutional(), 8);
    Path file = folder.resolve("model.zip");
    ModelZip.write(network, file);
    ComputationGraph graph = ComputationGraph.load(file.toFile(), true);
    INDArray input = batched(network.architecture(), pixels(network.architecture(), 4), 4);
    INDArray before = graph.getLayer(GraphBuilder.NORMALIZED).params().dup();
    INDArray kernel = graph.getLayer("c1").getParam("W").dup();
    INDArray targets = Nd4j.eye(5).get(org.nd4j.linalg.indexing.NDArrayIndex.interval(0, 4));
    graph.fit(new INDArray[] {input}, new INDArray[] {targets});
    assertThat(graph.getLayer(GraphBuilder.NORMALIZED).params()).isEqualTo(before);
    assertThat(graph.getLayer("c1").getParam("W")).isNotEqualTo(kernel);
    Dl4jGraphs.release(graph);
  }

  @Test
  void exitsAreTheFirstOutputsAndPoliciesChooseAmongThem() throws Exception {
    Network network = ExitNets.leavingAt(Nets.drawn(ExitNets.residual(5), 8), 0.4f);
    Path file = folder.resolve("model.zip");
    ModelZip.write(network, file);
    Examples images = SampleNetworks.images(network.architecture().input(), 70, 5, 3);

    ComputationGraph graph = ComputationGraph.load(file.toFile(), true);
    assertThat(graph.getConfiguration().getNetworkOutputs())
        .containsExactly("first_exit.softmax", "second_exit.softmax", "probabilities.softmax");
    Dl4jGraphs.release(graph);
    OneDnnEngine engine = new OneDnnEngine();
    float[] answers = ZippedModel.predict(file, network.exits(), images);
    assertThat(answers).containsExactly(engine.predict(network, images), within(1e-4f));
    Network closed = network.with(ExitPolicy.closed(2));
    float[] whole = ZippedModel.predict(file, images);
    assertThat(whole).containsExactly(engine.predict(closed, images), within(1e-4f));
    assertThat(answers).isNotEqualTo(whole);
    assertThatThrownBy(() -> ZippedModel.predict(file, ExitPolicy.closed(1), images))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has 3 outputs, not one for each of 1 exits and one for its end");
  }

  @Test
  void aFileThatDoesNotFitIsNamed() throws Exception {
    Path file = folder.resolve("model.zip");
    Network network = Nets.drawn(Nets.convolutional(), 8);
    ModelZip.write(network, file);
    Shape shape = network.architecture().input();
    Shape other = new Shape(shape.channels() + 1, shape.height(), shape.width());
    Examples examples = new Examples(other, new byte[(int) other.elements()], new int[1]);
    assertThatThrownBy(() -> ZippedModel.predict(file, examples))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("model.zip");
    Files.write(file, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> ZippedModel.predict(file, examples)).isInstanceOf(IOException.class);
  }

  @Test
  void equalNetworksGiveEqualBytes() throws Exception {
    Path one = folder.resolve("one.zip");
    Path two = folder.resolve("two.zip");
    ModelZip.write(Nets.drawn(Nets.residual(), 8), one);
    ModelZip.write(Nets.drawn(Nets.residual(), 8), two);
    assertThat(two).hasSameBinaryContentAs(one);
    try (ZipFile zip = new ZipFile(one.toFile())) {
      assertThat(zip.stream())
          .allSatisfy(entry -> assertThat(entry.getTimeLocal().getYear()).isEqualTo(1980));
    }
    ModelZip.write(Nets.drawn(Nets.residual(), 9), two);
    assertThat(Files.mismatch(one, two)).isNotEqualTo(-1);
  }
}
