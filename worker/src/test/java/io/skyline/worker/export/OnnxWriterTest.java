package io.skyline.worker.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Shape;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.OnnxWriter.Probe;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ModelSession;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class OnnxWriterTest {
  @Test
  void onnxRuntimeAgreesWithTheDefinitionsOnRandomNetworks() {
    for (long seed = 0; seed < 150; seed++) {
      Architecture architecture = SampleNetworks.random(new SplittableRandom(seed));
      Network network = SampleNetworks.drawn(architecture, seed);
      Examples images = SampleNetworks.images(architecture.input(), 3, 5, seed);
      assertAgrees(network, images, Encoding.FLOAT32, 1e-4, seed);
    }
  }

  @Test
  void halfPrecisionWeightsStayClose() {
    for (long seed = 0; seed < 40; seed++) {
      Architecture architecture = SampleNetworks.random(new SplittableRandom(seed));
      Network network = BatchNormFolding.fold(SampleNetworks.drawn(architecture, seed));
      Examples images = SampleNetworks.images(architecture.input(), 3, 5, seed);
      assertAgrees(network, images, Encoding.FLOAT16, 1e-2, seed);
    }
  }

  @Test
  void integersStayCloseOnRandomNetworks() {
    double sum = 0;
    int count = 0;
    for (long seed = 0; seed < 100; seed++) {
      Architecture architecture = SampleNetworks.random(new SplittableRandom(seed));
      Network network = BatchNormFolding.fold(SampleNetworks.drawn(architecture, seed));
      Examples images = SampleNetworks.images(architecture.input(), 4, 5, seed);
      Encoding int8 = new Encoding.Int8(SampleNetworks.ranges(network, images));
      assertAgrees(network, images, int8, 0.2, seed);
      double[] expected = DoubleInference.predict(network, images);
      try (ModelSession session = ModelSession.load(OnnxWriter.write(network, int8))) {
        float[] actual = session.predict(images);
        for (int i = 0; i < actual.length; i++) {
          sum += Math.abs(actual[i] - expected[i]);
          count++;
        }
      }
    }
    assertThat(sum / count).isLessThan(0.006);
  }

  @Test
  void halfPrecisionHalvesAndIntegersQuarterTheKernels() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 16, 16));
    net.then(new Flatten());
    net.then(new Dense(64, true));
    Network network = SampleNetworks.drawn(net.architecture(), 1);
    Examples images = SampleNetworks.images(new Shape(1, 16, 16), 4, 64, 1);
    int kernel = 256 * 64;
    assertThat(OnnxWriter.write(network, Encoding.FLOAT32).length)
        .isBetween(4 * kernel, 4 * kernel + 1500);
    assertThat(OnnxWriter.write(network, Encoding.FLOAT16).length)
        .isBetween(2 * kernel, 2 * kernel + 1500);
    Encoding int8 = new Encoding.Int8(SampleNetworks.ranges(network, images));
    assertThat(OnnxWriter.write(network, int8).length).isBetween(kernel, kernel + 2500);
  }

  @Test
  void integersOfKernelsStayWithinSixtyThree() throws Exception {
    for (long seed = 0; seed < 20; seed++) {
      Architecture architecture = SampleNetworks.random(new SplittableRandom(seed));
      Network network = SampleNetworks.drawn(architecture, seed);
      Examples images = SampleNetworks.images(architecture.input(), 4, 5, seed);
      Encoding int8 = new Encoding.Int8(SampleNetworks.ranges(network, images));
      ModelProto model = ModelProto.parseFrom(OnnxWriter.write(network, int8));
      int kernels = 0;
      for (TensorProto tensor : model.getGraph().getInitializerList()) {
        if (tensor.getName().endsWith(".kernel.int8")) {
          byte[] integers = tensor.getRawData().toByteArray();
          // as far as the range goes, in each output channel
          int fan = integers.length / Math.toIntExact(tensor.getDims(0));
          for (int from = 0; from < integers.length; from += fan) {
            int largest = 0;
            for (int i = from; i < from + fan; i++) {
              largest = Math.max(largest, Math.abs(integers[i]));
            }
            assertThat(largest).as("seed %d, %s", seed, tensor.getName()).isEqualTo(63);
          }
          kernels++;
        }
      }
      assertThat(kernels).as("seed %d", seed).isPositive();
    }
  }

  @Test
  void probedModelsGiveTheExtremesOfEveryNode() {
    Architecture architecture = SampleNetworks.random(new SplittableRandom(8));
    byte[] probed = OnnxWriter.writeProbed(SampleNetworks.drawn(architecture, 8));
    assertThat(OnnxLint.problems(probed)).isEmpty();
    try (ModelSession session = ModelSession.load(probed)) {
      assertThat(session.outputs())
          .contains(OnnxWriter.PROBABILITIES, Probe.SUM.of(Architecture.INPUT))
          .containsAll(architecture.nodes().stream().map(n -> Probe.LEAST.of(n.name())).toList())
          .containsAll(architecture.nodes().stream().map(n -> Probe.LARGEST.of(n.name())).toList());
    }
  }

  @Test
  void aMissingRangeIsNamed() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 5, 6));
    net.then(new Flatten());
    net.then(new Dense(7, true));
    net.then(new Dense(3, true));
    Network network = SampleNetworks.drawn(net.architecture(), 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OnnxWriter.write(network, new Encoding.Int8(Map.of())))
        .withMessageContaining("'n1'");
  }

  private static void assertAgrees(
      Network network, Examples images, Encoding encoding, double tolerance, long seed) {
    double[] expected = DoubleInference.predict(network, images);
    try (ModelSession session = ModelSession.load(OnnxWriter.write(network, encoding))) {
      float[] actual = session.predict(images);
      assertThat(actual).hasSameSizeAs(expected);
      for (int i = 0; i < actual.length; i++) {
        assertThat((double) actual[i])
            .as("seed %d, value %d of%n%s", seed, i, network.architecture())
            .isCloseTo(expected[i], within(tolerance));
      }
    }
  }

  @Test
  void theSameNetworkGivesTheSameBytes() {
    Architecture architecture = SampleNetworks.random(new SplittableRandom(3));
    byte[] first = OnnxWriter.write(SampleNetworks.drawn(architecture, 5), Encoding.FLOAT32);
    byte[] again = OnnxWriter.write(SampleNetworks.drawn(architecture, 5), Encoding.FLOAT32);
    assertThat(again).isEqualTo(first);
    assertThat(OnnxWriter.write(SampleNetworks.drawn(architecture, 6), Encoding.FLOAT32))
        .isNotEqualTo(first);
  }

  @Test
  void anyBatchSizeGivesWhatSingleImagesGive() {
    Architecture architecture = SampleNetworks.random(new SplittableRandom(1));
    Network network = SampleNetworks.drawn(architecture, 1);
    Examples images = SampleNetworks.images(architecture.input(), 131, 5, 2);
    try (ModelSession session = ModelSession.load(OnnxWriter.write(network, Encoding.FLOAT32))) {
      float[] together = session.predict(images);
      for (int i = 0; i < images.count(); i += 13) {
        float[] alone = session.predict(images.slice(i, i + 1));
        for (int c = 0; c < session.classes(); c++) {
          assertThat(alone[c]).isCloseTo(together[i * session.classes() + c], within(1e-6f));
        }
      }
    }
  }

  @Test
  void theModelTellsItsInputAndClasses() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 5, 6));
    net.then(new Flatten());
    net.then(new Dense(7, true));
    Network network = SampleNetworks.drawn(net.architecture(), 1);
    try (ModelSession session = ModelSession.load(OnnxWriter.write(network, Encoding.FLOAT32))) {
      assertThat(session.input()).isEqualTo(new Shape(1, 5, 6));
      assertThat(session.classes()).isEqualTo(7);
    }
  }
}
