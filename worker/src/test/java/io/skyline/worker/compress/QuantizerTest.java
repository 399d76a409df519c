package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.skyline.architecture.Architecture;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.StoragePlan;
import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.MagnitudePruning.Scope;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizerTest {
  private static final SmallFashion FASHION = SmallFashion.of(1);

  @Test
  void xnorLearnsOnSignsAndCostsWhatTheFileHolds() throws Exception {
    Encoded encoded = FASHION.quantized(SmallFashion.xnor(4));
    assertThat(SmallFashion.accuracy(encoded)).isGreaterThan(0.5);
    assertThat(levels(encoded))
        .hasSize(Kernel.of(FASHION.trained()).size() - 2)
        .allSatisfy(found -> assertThat(found).containsExactly(-1, 1));
    ExportedModel model = ExportedModel.of(encoded.network(), encoded.encoding());
    Recipe recipe = new Recipe(List.of(SmallFashion.xnor(4)));
    Architecture deployed = recipe.deployed(FASHION.trained().architecture());
    assertThat(NetworkCost.of(model.architecture(), model.storage()).scorecard())
        .isEqualTo(NetworkCost.of(deployed, StoragePlan.of(deployed, recipe)).scorecard());
  }

  /** The integers of each kernel in the file. */
  private static List<Set<Integer>> levels(Encoded encoded) throws Exception {
    ModelProto model =
        ModelProto.parseFrom(OnnxWriter.write(encoded.network(), encoded.encoding()));
    List<Set<Integer>> levels = new ArrayList<>();
    for (TensorProto tensor : model.getGraph().getInitializerList()) {
      if (tensor.getName().endsWith(".kernel.int8")) {
        Set<Integer> found = new TreeSet<>();
        tensor.getRawData().forEach(number -> found.add((int) number));
        levels.add(found);
      }
    }
    return levels;
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"INT8_WEIGHTS", "INT8_DYNAMIC", "INT4", "TERNARY", "BINARY"})
  void theFileHoldsTheGridsIntegers(Precision precision) throws Exception {
    List<Set<Integer>> levels = levels(FASHION.quantized(new Quantization(precision, 1)));
    assertThat(levels).hasSize(Kernel.of(FASHION.trained()).size());
    for (Set<Integer> found : levels) {
      switch (precision) {
        case BINARY -> assertThat(found).containsExactly(-1, 1);
        case TERNARY -> assertThat(found).containsExactly(-1, 0, 1);
        case INT4 -> assertThat(found).hasSizeBetween(8, 15).contains(7).allMatch(n -> n >= -7);
        default ->
            assertThat(found)
                .hasSizeGreaterThan(30)
                .allMatch(n -> Math.abs(n) <= 127)
                .anyMatch(n -> n == 127 || n == 63);
      }
    }
  }

  @Test
  void mixedPartsLieOnTheirGridsAndCostWhatTheFileHolds() throws Exception {
    Encoded encoded = FASHION.quantized(SmallFashion.mixed());
    List<Set<Integer>> levels = levels(encoded);
    assertThat(levels).hasSize(Kernel.of(FASHION.trained()).size() - 1);
    assertThat(levels.get(levels.size() - 1)).hasSizeBetween(8, 15);
    assertThat(levels.get(levels.size() - 2)).containsExactly(-1, 0, 1);
    Recipe recipe = new Recipe(List.of(SmallFashion.mixed()));
    StoragePlan plan = StoragePlan.of(FASHION.trained().architecture(), recipe);
    NetworkCost foretold = NetworkCost.of(FASHION.trained().architecture(), plan);
    ExportedModel model = ExportedModel.of(encoded.network(), encoded.encoding());
    assertThat(NetworkCost.of(model.architecture(), model.storage()).scorecard())
        .isEqualTo(foretold.scorecard());
    assertThat(foretold.weightBytes()).isEqualTo(parameterBytes(model.onnx()));
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      mode = Mode.EXCLUDE,
      names = {"MIXED", "XNOR"})
  void costsWhatTheFileHolds(Precision precision) throws Exception {
    Quantization step = new Quantization(precision);
    Encoded encoded = FASHION.quantized(step);
    ExportedModel model = ExportedModel.of(encoded.network(), encoded.encoding());
    NetworkCost cost =
        NetworkCost.of(
            FASHION.trained().architecture(),
            StoragePlan.of(FASHION.trained().architecture(), new Recipe(List.of(step))));
    assertThat(cost.weightBytes()).isEqualTo(parameterBytes(model.onnx()));
  }

  /** Of kernels, biases and kernels' scales; a bias's scale follows from others. */
  private static long parameterBytes(byte[] onnx) throws Exception {
    long bytes = 0;
    for (TensorProto tensor : ModelProto.parseFrom(onnx).getGraph().getInitializerList()) {
      String name = tensor.getName();
      boolean counted =
          name.contains(".kernel") && !name.endsWith(".zero")
              || name.contains(".bias") && !name.endsWith(".scale") && !name.endsWith(".zero");
      bytes += counted ? tensor.getRawData().size() : 0;
    }
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      names = {"INT4", "TERNARY", "BINARY"})
  void trainingOnRoundedWeightsRegainsWhatRoundingCost(Precision precision) {
    double after = SmallFashion.accuracy(FASHION.quantized(new Quantization(precision)));
    double aware = SmallFashion.accuracy(FASHION.quantized(new Quantization(precision, 3)));
    assertThat(aware).isGreaterThan(after + (precision == Precision.INT4 ? 0 : 0.05));
  }

  @ParameterizedTest
  @EnumSource(
      value = Precision.class,
      mode = Mode.EXCLUDE,
      names = {"MIXED", "XNOR"})
  void zerosOfPruningStay(Precision precision) {
    Encoded sparse =
        CompressionStep.of(new MagnitudePruning(0.7, Scope.LAYER, 1, 0, Rewinding.NONE))
            .apply(Encoded.trained(FASHION.trained()), FASHION.bench());
    Quantization step = new Quantization(precision, precision.hasGrids() ? 1 : 0);
    Network quantized = CompressionStep.of(step).apply(sparse, FASHION.bench()).network();
    List<Kernel> masks = Kernel.of(sparse.network());
    List<Kernel> kernels = Kernel.of(quantized);
    for (int k = 0; k < masks.size(); k++) {
      int others = 0;
      for (int i = 0; i < masks.get(k).weights().length; i++) {
        if (masks.get(k).weights()[i] == 0) {
          assertThat(kernels.get(k).weights()[i] == 0).isTrue(); // of either sign
        } else {
          others += kernels.get(k).weights()[i] == 0 ? 0 : 1;
        }
      }
      assertThat(others).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void xnorLearnsWithScalesToo(long seed) {
    SmallFashion fashion = SmallFashion.of(seed);
    double plain = SmallFashion.accuracy(fashion.quantized(SmallFashion.xnor(4)));
    double scaled = SmallFashion.accuracy(fashion.quantized(SmallFashion.scaledXnor(4)));
    System.out.printf(
        Locale.ROOT, "seed %d: signs %.2f, scaled %.2f %%%n", seed, 100 * plain, 100 * scaled);
    assertThat(scaled).isGreaterThan(0.5).isGreaterThan(plain - 0.1);
  }
}
