package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Shape;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.DoubleInference;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import io.skyline.worker.pack.PackedModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static Architecture architecture() {
    SampleNetworks net = new SampleNetworks(new Shape(1, 12, 12));
    net.then(Convolution.same(8, 3, 1));
    net.then(new BatchNorm());
    net.then(SampleNetworks.RELU);
    net.then(Convolution.depthwise(8, 3, 2));
    net.then(new BatchNorm());
    net.then(SampleNetworks.RELU6);
    net.then(Convolution.pointwise(16));
    net.then(new BatchNorm());
    net.then(SampleNetworks.RELU);
    net.then(new GlobalAveragePool());
    net.then(new Dense(5, true));
    return net.architecture();
  }

  @Test
  void everyNumberIsOfTheExportedFile() {
    Architecture trained = architecture();
    Network network = BatchNormFolding.fold(SampleNetworks.drawn(trained, 3));
    Examples images = SampleNetworks.images(trained.input(), 300, 5, 4);
    Encoding int8 = ActivationRanges.measure(network, images.slice(0, 100));
    for (Map.Entry<Storage, Encoding> each :
        Map.of(Storage.FP32, Encoding.FLOAT32, Storage.FP16, Encoding.FLOAT16, Storage.INT8, int8)
            .entrySet()) {
      ExportedModel model = ExportedModel.of(network, each.getValue());
      Scorecard card = Scorer.score(model, images);
      assertThat(card.value(Metric.DOWNLOAD)).hasValue(model.onnx().length);
      assertThat(card.value(Metric.SIZE)).hasValue(model.packed().length);
      assertThat(PackedModel.unpack(model.packed(), "model.sky")).isEqualTo(model.onnx());
      assertThat(card.value(Metric.LATENCY)).isEmpty();
      // gate 1 saw the same numbers before training, normalizations not yet folded
      NetworkCost before = NetworkCost.of(trained, each.getKey());
      for (Metric metric :
          List.of(Metric.PEAK_MEMORY, Metric.MACS, Metric.PARAMETERS, Metric.ENERGY)) {
        assertThat(card.measurements().get(metric))
            .isEqualTo(before.scorecard().measurements().get(metric));
      }
    }
  }

  @Test
  void accuracyIsThatOfTheDefinitions() {
    Network network = SampleNetworks.drawn(architecture(), 5);
    Examples images = SampleNetworks.images(network.architecture().input(), 200, 5, 6);
    double[] reference = DoubleInference.predict(network, images);
    int correct = 0;
    for (int i = 0; i < images.count(); i++) {
      int best = 0;
      for (int c = 1; c < 5; c++) {
        best = reference[i * 5 + c] > reference[i * 5 + best] ? c : best;
      }
      correct += best == images.labels()[i] ? 1 : 0;
    }
    Network folded = BatchNormFolding.fold(network);
    Scorecard card = Scorer.score(ExportedModel.of(folded, Encoding.FLOAT32), images);
    assertThat(card.value(Metric.ACCURACY)).hasValue(correct / 200.0);
  }
}
