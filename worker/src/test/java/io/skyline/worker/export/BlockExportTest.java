package io.skyline.worker.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.DropPath;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.Blocks;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ActivationRanges;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.train.OneDnnEngine;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The blocks of the literature: engine, definitions and exported file give the same. */
class BlockExportTest {
  static Stream<Arguments> blocks() {
    return Stream.of(Blocks.all(), ChannelLayers.all(), Map.of("windows of one row", Nets.signal()))
        .flatMap(all -> all.entrySet().stream())
        .map(e -> Arguments.of(e.getKey(), e.getValue()));
  }

  private static Examples images(Architecture architecture) {
    return SampleNetworks.images(architecture.input(), 40, architecture.classes(), 3);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void theExportedFileGivesWhatTheEngineGives(String name, Architecture architecture) {
    Network network = SampleNetworks.drawn(architecture, 5);
    Examples images = images(architecture);
    float[] engine = new OneDnnEngine().predict(network, images);
    double[] defined = DoubleInference.predict(network, images);
    for (Network exported : new Network[] {network, BatchNormFolding.fold(network)}) {
      byte[] onnx = OnnxWriter.write(exported, Encoding.FLOAT32);
      try (ModelSession session = ModelSession.load(onnx)) {
        float[] predicted = session.predict(images);
        for (int i = 0; i < engine.length; i++) {
          assertThat(predicted[i]).isCloseTo(engine[i], within(2e-4f));
          assertThat((double) predicted[i]).isCloseTo(defined[i], within(2e-4));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void integersStayCloseToTheDefinitions(String name, Architecture architecture) {
    Network network = BatchNormFolding.fold(SampleNetworks.drawn(architecture, 5));
    Examples images = images(architecture);
    double[] defined = DoubleInference.predict(network, images);
    byte[] onnx = OnnxWriter.write(network, ActivationRanges.measure(network, images));
    try (ModelSession session = ModelSession.load(onnx)) {
      float[] predicted = session.predict(images);
      double sum = 0;
      for (int i = 0; i < defined.length; i++) {
        sum += Math.abs(predicted[i] - defined[i]);
      }
      assertThat(sum / defined.length).isLessThan(0.03);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void foldingChangesNoCostAndLeavesNothingThatDrops(String name, Architecture architecture) {
    Network network = SampleNetworks.drawn(architecture, 5);
    Architecture folded = BatchNormFolding.fold(network).architecture();
    assertThat(folded.nodes()).noneMatch(node -> node.layer() instanceof DropPath);
    for (Storage storage : Storage.values()) {
      NetworkCost before = NetworkCost.of(architecture, storage);
      NetworkCost after = NetworkCost.of(folded, storage);
      assertThat(after.scorecard()).isEqualTo(before.scorecard());
    }
  }
}
