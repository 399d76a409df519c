package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.DoubleInference;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BatchNormFoldingTest {
  @Test
  void foldedNetworksComputeTheSame() {
    for (long seed = 0; seed < 200; seed++) {
      Architecture architecture = SampleNetworks.random(new SplittableRandom(seed));
      Network network = SampleNetworks.drawn(architecture, seed);
      Examples images = SampleNetworks.images(architecture.input(), 2, 5, seed);
      double[] before = DoubleInference.predict(network, images);
      double[] after = DoubleInference.predict(BatchNormFolding.fold(network), images);
      for (int i = 0; i < before.length; i++) {
        assertThat(after[i]).as("seed %d", seed).isCloseTo(before[i], within(1e-5));
      }
    }
  }

  @Test
  void everyNormalizationBehindALinearLayerGoes() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 6, 6));
    net.then(Convolution.same(8, 3, 1));
    net.then(new BatchNorm());
    net.then(SampleNetworks.RELU);
    net.then(Convolution.depthwise(8, 3, 1));
    net.then(new BatchNorm());
    net.then(new GlobalAveragePool());
    net.then(new Dense(4, true));
    net.then(new BatchNorm());
    Architecture folded =
        BatchNormFolding.fold(SampleNetworks.drawn(net.architecture(), 1)).architecture();
    assertThat(folded.nodes()).extracting(Node::name).containsExactly("n0", "n2", "n3", "n5", "n6");
    assertThat(folded.nodes()).noneMatch(node -> node.layer() instanceof BatchNorm);
  }

  @Test
  void normalizationsInARowAndBehindWhatDropsValuesGoAtOnce() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 6, 6));
    net.then(Convolution.same(8, 3, 1));
    net.then(new BatchNorm());
    net.then(new BatchNorm());
    net.then(SampleNetworks.RELU);
    net.then(Convolution.pointwise(8));
    net.then(new Dropout(0.5));
    net.then(new BatchNorm());
    net.then(new GlobalAveragePool());
    net.then(new Dense(4, true));
    Network network = SampleNetworks.drawn(net.architecture(), 1);
    Network folded = BatchNormFolding.fold(network);
    assertThat(folded.architecture().nodes())
        .extracting(Node::name)
        .containsExactly("n0", "n3", "n4", "n7", "n8");
    Examples images = SampleNetworks.images(network.architecture().input(), 2, 5, 1);
    assertThat(DoubleInference.predict(folded, images))
        .containsExactly(DoubleInference.predict(network, images), within(1e-5));
    Network again = BatchNormFolding.fold(folded);
    assertThat(again.architecture()).isEqualTo(folded.architecture());
    assertThat(again.weights().tensors()).containsOnlyKeys(folded.weights().tensors().keySet());
  }

  @Test
  void whatOthersReadOnTheWayKeepsTheNormalization() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 6, 6));
    net.then(Convolution.same(8, 3, 1));
    String dropped = net.then(new Dropout(0.5));
    String norm = net.then(new BatchNorm());
    net.from(new Add(), dropped, norm);
    net.then(new GlobalAveragePool());
    net.then(new Dense(4, true));
    assertThat(BatchNormFolding.fold(SampleNetworks.drawn(net.architecture(), 1)).architecture())
        .returns(true, it -> it.nodes().stream().anyMatch(n -> n.layer() instanceof BatchNorm));
  }

  @Test
  void aLayerThatOthersReadKeepsItsNormalization() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 6, 6));
    String conv = net.then(Convolution.same(8, 3, 1));
    String norm = net.then(new BatchNorm());
    net.from(new Add(), conv, norm);
    net.then(new GlobalAveragePool());
    net.then(new Dense(4, true));
    Architecture architecture = net.architecture();
    assertThat(BatchNormFolding.fold(SampleNetworks.drawn(architecture, 1)).architecture())
        .isEqualTo(architecture);
  }

  @Test
  void theGivenNetworkIsNotChanged() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 6, 6));
    net.then(Convolution.same(8, 3, 1));
    net.then(new BatchNorm());
    net.then(new GlobalAveragePool());
    net.then(new Dense(4, true));
    Network network = SampleNetworks.drawn(net.architecture(), 1);
    float[] kernel = network.weights().tensors().get("n0.kernel").clone();
    Network folded = BatchNormFolding.fold(network);
    assertThat(network.weights().tensors().get("n0.kernel")).isEqualTo(kernel);
    assertThat(folded.weights().tensors().get("n0.kernel")).isNotEqualTo(kernel);
  }
}
