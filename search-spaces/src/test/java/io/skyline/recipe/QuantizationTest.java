package io.skyline.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.cost.StoragePlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QuantizationTest {
  private static final Architecture NETWORK =
      new Architecture(
          new Shape(1, 4, 4),
          List.of(
              new Node("c1", Convolution.same(8, 3, 1), List.of("image")),
              new Node("relu", new Activation(Function.RELU), List.of("c1")),
              new Node("c2", Convolution.same(8, 3, 1), List.of("relu")),
              new Node("flat", new Flatten(), List.of("c2")),
              new Node("d1", new Dense(8, true), List.of("flat")),
              new Node("d2", new Dense(2, true), List.of("d1"))));

  private static Quantization mixed(LayerGrids grids) {
    return new Quantization(Precision.MIXED, grids, Calibration.MIN_MAX, false, 7, 0);
  }

  @Test
  void partsAreOfNearlyAsManyLayersAndEndsStandApart() {
    LayerGrids grids =
        new LayerGrids(
            List.of(WeightGrid.INT8, WeightGrid.INT4, WeightGrid.BINARY),
            Optional.empty(),
            Optional.of(WeightGrid.TERNARY));
    assertThat(mixed(grids).grids(NETWORK))
        .containsExactly(
            Map.entry("c1", WeightGrid.INT8),
            Map.entry("c2", WeightGrid.INT8),
            Map.entry("d1", WeightGrid.INT4),
            Map.entry("d2", WeightGrid.TERNARY));
    assertThat(new Quantization(Precision.INT8_DYNAMIC).grids(NETWORK))
        .containsEntry("c2", WeightGrid.INT8)
        .containsEntry("d1", WeightGrid.INT8_NARROW);
    assertThat(new Quantization(Precision.FP16).grids(NETWORK)).isEmpty();
  }

  @Test
  void weightsCostAByteAndAScaleAChannelWhereTheyLieOnAGrid() {
    LayerGrids grids =
        new LayerGrids(List.of(WeightGrid.INT4), Optional.of(WeightGrid.FP32), Optional.empty());
    Quantization ofWeights =
        new Quantization(Precision.INT4, grids, Calibration.MIN_MAX, false, 7, 0);
    NetworkCost cost =
        NetworkCost.of(NETWORK, StoragePlan.of(NETWORK, new Recipe(List.of(ofWeights))));
    int kernels = 72 * 4 + (576 + 4 * 8) + (128 * 8 + 4 * 8) + (16 + 4 * 2);
    assertThat(cost.weightBytes()).isEqualTo(kernels + 4 * (8 + 2));
    NetworkCost floats = NetworkCost.of(NETWORK, Storage.FP32);
    assertThat(cost.peakActivationBytes()).isEqualTo(floats.peakActivationBytes());
    assertThat(cost.energy()).isLessThan(floats.energy());
  }

  @Test
  void xnorNormalizesAndTakesSignsBeforeInnerLayers() {
    LayerGrids grids =
        new LayerGrids(
            List.of(WeightGrid.BINARY), Optional.of(WeightGrid.FP32), Optional.of(WeightGrid.INT8));
    Quantization xnor = new Quantization(Precision.XNOR, grids, Calibration.MIN_MAX, false, 7, 2);
    Architecture deployed = xnor.deployed(NETWORK);
    assertThat(deployed.nodes().stream().map(Node::name))
        .containsExactly(
            "c1",
            "relu",
            "c2_sign_norm",
            "c2_sign",
            "c2",
            "flat",
            "d1_sign_norm",
            "d1_sign",
            "d1",
            "d2");
    assertThat(deployed.nodes().get(2))
        .isEqualTo(new Node("c2_sign_norm", new BatchNorm(), List.of("relu")));
    assertThat(deployed.nodes().get(3).layer()).isEqualTo(new Activation(Function.SIGN));
    assertThat(deployed.nodes().get(4).inputs()).containsExactly("c2_sign");
    assertThat(xnor.grids(deployed)).isEqualTo(xnor.grids(NETWORK));
    assertThat(new Quantization(Precision.BINARY).deployed(NETWORK)).isEqualTo(NETWORK);
  }

  @Test
  void scalesOfInputsMultiplyWhatLayersMakeOfSigns() {
    Optional<WeightGrid> floats = Optional.of(WeightGrid.FP32);
    LayerGrids grids = new LayerGrids(List.of(WeightGrid.BINARY), floats, floats);
    Quantization xnor =
        new Quantization(Precision.XNOR, grids, Calibration.MIN_MAX, false, 7, 2, true);
    assertThat(xnor.text())
        .isEqualTo("quantization(xnor, first fp32, last fp32, input scales, 2 epochs)");
    Architecture deployed = xnor.deployed(NETWORK);
    assertThat(deployed.nodes().stream().map(Node::name))
        .containsExactly(
            "c1",
            "relu",
            "c2_sign_norm",
            "c2_sign",
            "c2",
            "c2_magnitude",
            "c2_mean",
            "c2_window",
            "c2_scaled",
            "flat",
            "d1_sign_norm",
            "d1_sign",
            "d1",
            "d1_magnitude",
            "d1_mean",
            "d1_scaled",
            "d2");
    assertThat(deployed.nodes())
        .contains(
            new Node("c2_magnitude", new Activation(Function.ABS), List.of("c2_sign_norm")),
            new Node("c2_scaled", new Multiply(), List.of("c2", "c2_window")),
            new Node("d1_scaled", new Multiply(), List.of("d1", "d1_mean")));
    Convolution c2 = (Convolution) NETWORK.nodes().get(2).layer();
    assertThat(deployed.nodes().get(7).layer())
        .isEqualTo(
            new Pooling(Pooling.Kind.AVERAGE, c2.kernel(), c2.stride(), c2.padding(), c2.form()));
    assertThat(deployed.output().inputs()).containsExactly("d1_scaled");
    // what gives the answer is not scaled
    LayerGrids all = LayerGrids.all(WeightGrid.BINARY);
    Quantization whole =
        new Quantization(Precision.XNOR, all, Calibration.MIN_MAX, false, 7, 2, true);
    assertThat(whole.deployed(NETWORK).output().name()).isEqualTo("d2");
    assertThatThrownBy(
            () -> new Quantization(Precision.BINARY, all, Calibration.MIN_MAX, false, 7, 2, true))
        .hasMessageContaining("no signs");
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new Quantization(Precision.XNOR)).hasMessageContaining("aware_epochs");
    assertThatThrownBy(() -> new Quantization(Precision.FP16, 1)).hasMessageContaining("fp16");
    assertThatThrownBy(() -> new Quantization(Precision.MIXED)).hasMessageContaining("mixed");
    for (Precision precision : Precision.values()) {
      assertThat(Precision.of(precision.word())).isEqualTo(precision);
    }
    for (Calibration calibration : Calibration.values()) {
      assertThat(Calibration.of(calibration.word())).isEqualTo(calibration);
    }
    assertThat(Calibration.PERCENTILE_99_99.word()).isEqualTo("percentile-99.99");
  }
}
