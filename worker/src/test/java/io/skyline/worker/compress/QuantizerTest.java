package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.skyline.architecture.Architecture;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.StoragePlan;
import io.skyline.recipe.Calibration;
import io.skyline.recipe.LayerGrids;
import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.MagnitudePruning.Scope;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.recipe.WeightGrid;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ChannelMeans;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class QuantizerTest {
  private static final Examples TRAINING = FashionSlice.of(0, 1400);
  private static final Examples UNSEEN = FashionSlice.of(1400, 2000);
  private static final TrainingPlan PLAN =
      new TrainingPlan(4, 32, Optimizer.ADAM, 5e-3, 0.1, 1e-4, 0, Augmentation.NONE);

  private static Network trained;
  private static Workbench bench;

  @BeforeAll
  static void train() {
    Network fresh =
        CompressionStepContract.ENGINE.fresh(Nets.small(), FashionSlice.NORMALIZATION, 1);
    trained =
        CompressionStepContract.ENGINE.train(fresh, PLAN, TRAINING, 1, TrainingProgress.SILENT);
    bench =
        Workbench.of(
            CompressionStepContract.ENGINE,
            PLAN,
            TrainingSet.of(TRAINING),
            fresh,
            2,
            TrainingProgress.SILENT);
  }

  /** Networks whose weights lie where the file can store them: nothing but rounding is left. */
  abstract static class Exact extends CompressionStepContract {
    @Override
    double tolerance() {
      return 1e-3;
    }
  }

  /** Activations are rounded too. */
  abstract static class OfBytes extends CompressionStepContract {
    @Override
    double tolerance() {
      return 0.08;
    }
  }

  @Nested
  class StaticInt8 extends OfBytes {
    @Override
    Step step() {
      return new Quantization(Precision.INT8);
    }
  }

  @Nested
  class DivergenceCalibratedInt8 extends OfBytes {
    @Override
    Step step() {
      return new Quantization(
          Precision.INT8,
          LayerGrids.all(WeightGrid.INT8_NARROW),
          Calibration.KL_DIVERGENCE,
          true,
          7,
          0);
    }

    /** What saturates is far from what it was on a network of random weights. */
    @Override
    double tolerance() {
      return 0.3;
    }
  }

  @Nested
  class DynamicInt8 extends OfBytes {
    @Override
    Step step() {
      return new Quantization(Precision.INT8_DYNAMIC);
    }
  }

  @Nested
  class Int8Weights extends Exact {
    @Override
    Step step() {
      return new Quantization(Precision.INT8_WEIGHTS);
    }
  }

  @Nested
  class TrainedInt4 extends Exact {
    @Override
    Step step() {
      return new Quantization(Precision.INT4, 1);
    }
  }

  @Nested
  class TrainedTernary extends Exact {
    @Override
    Step step() {
      return new Quantization(Precision.TERNARY, 1);
    }
  }

  @Nested
  class Binary extends Exact {
    @Override
    Step step() {
      return new Quantization(Precision.BINARY);
    }
  }

  @Nested
  class Mixed extends Exact {
    @Override
    Step step() {
      return mixed();
    }
  }

  @Nested
  class Mantissa extends Exact {
    @Override
    Step step() {
      return new Quantization(Precision.MANTISSA);
    }
  }

  /** Signs of numbers near zero may differ between engines. */
  @Nested
  class Xnor extends OfBytes {
    @Override
    Step step() {
      return xnor(1);
    }
  }

  private static Quantization xnor(int epochs) {
    return new Quantization(
        Precision.XNOR,
        new LayerGrids(
            List.of(WeightGrid.BINARY), Optional.of(WeightGrid.FP32), Optional.of(WeightGrid.FP32)),
        Calibration.MIN_MAX,
        false,
        7,
        epochs);
  }

  @Test
  void xnorLearnsOnSignsAndCostsWhatTheFileHolds() throws Exception {
    Encoded encoded = quantized(trained, xnor(4));
    assertThat(accuracy(encoded)).isGreaterThan(0.5);
    assertThat(levels(encoded))
        .hasSize(Kernel.of(trained).size() - 2)
        .allSatisfy(found -> assertThat(found).containsExactly(-1, 1));
    ExportedModel model = ExportedModel.of(encoded.network(), encoded.encoding());
    Recipe recipe = new Recipe(List.of(xnor(4)));
    Architecture deployed = recipe.deployed(trained.architecture());
    assertThat(NetworkCost.of(model.architecture(), model.storage()).scorecard())
        .isEqualTo(NetworkCost.of(deployed, StoragePlan.of(deployed, recipe)).scorecard());
  }

  private static Quantization mixed() {
    return new Quantization(
        Precision.MIXED,
        new LayerGrids(
            List.of(WeightGrid.INT8, WeightGrid.TERNARY),
            Optional.of(WeightGrid.FP32),
            Optional.of(WeightGrid.INT4)),
        Calibration.MIN_MAX,
        false,
        7,
        0);
  }

  private static Encoded quantized(Network network, Quantization step) {
    return CompressionStep.of(step).apply(Encoded.trained(network), bench);
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
    List<Set<Integer>> levels = levels(quantized(trained, new Quantization(precision, 1)));
    assertThat(levels).hasSize(Kernel.of(trained).size());
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
    Encoded encoded = quantized(trained, mixed());
    List<Set<Integer>> levels = levels(encoded);
    assertThat(levels).hasSize(Kernel.of(trained).size() - 1);
    assertThat(levels.get(levels.size() - 1)).hasSizeBetween(8, 15);
    assertThat(levels.get(levels.size() - 2)).containsExactly(-1, 0, 1);
    Recipe recipe = new Recipe(List.of(mixed()));
    StoragePlan plan = StoragePlan.of(trained.architecture(), recipe);
    NetworkCost foretold = NetworkCost.of(trained.architecture(), plan);
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
    Encoded encoded = quantized(trained, step);
    ExportedModel model = ExportedModel.of(encoded.network(), encoded.encoding());
    NetworkCost cost =
        NetworkCost.of(
            trained.architecture(),
            StoragePlan.of(trained.architecture(), new Recipe(List.of(step))));
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
    double after = accuracy(quantized(trained, new Quantization(precision)));
    double aware = accuracy(quantized(trained, new Quantization(precision, 3)));
    System.out.println(precision + " " + after + " -> " + aware); // QAT
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
            .apply(Encoded.trained(trained), bench);
    Quantization step = new Quantization(precision, precision.hasGrids() ? 1 : 0);
    Network quantized = CompressionStep.of(step).apply(sparse, bench).network();
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

  @Test
  void biasCorrectionGivesChannelsTheirMeansBack() {
    Network folded = BatchNormFolding.fold(trained);
    Network rounded =
        Grids.round(folded, new Quantization(Precision.TERNARY).grids(trained.architecture()));
    Network corrected = BiasCorrection.of(folded, rounded, bench.calibration());
    assertThat(shift(folded, rounded)).isGreaterThan(0.05);
    assertThat(shift(folded, corrected)).isLessThan(1e-3);
    assertThat(quality(corrected)).isGreaterThan(quality(rounded));
  }

  /** How far the mean of a channel lies off, at most, where there is a bias. */
  private static double shift(Network one, Network other) {
    var layers =
        one.architecture().nodes().stream()
            .filter(node -> one.weights().tensors().containsKey(node.name() + ".bias"))
            .toList();
    Map<String, double[]> means = ChannelMeans.measure(one, layers, bench.calibration());
    Map<String, double[]> others = ChannelMeans.measure(other, layers, bench.calibration());
    double largest = 0;
    for (Map.Entry<String, double[]> each : means.entrySet()) {
      for (int i = 0; i < each.getValue().length; i++) {
        double off = each.getValue()[i] - others.get(each.getKey())[i];
        largest = Math.max(largest, Math.abs(off));
      }
    }
    return largest;
  }

  private static double accuracy(Encoded encoded) {
    byte[] model = OnnxWriter.write(encoded.network(), encoded.encoding());
    try (ModelSession session = ModelSession.load(model)) {
      return Quality.leading(session.predict(UNSEEN), UNSEEN);
    }
  }

  private static double quality(Network network) {
    return Quality.leading(CompressionStepContract.ENGINE.predict(network, UNSEEN), UNSEEN);
  }

  @Test
  void straightThroughTrainingComputesOnTheGridAndMovesExactWeights() {
    Network network = Nets.drawn(Nets.small(), 3);
    Kernel kernel = Kernel.of(network).get(0);
    String layer = kernel.key().substring(0, kernel.key().indexOf('.'));
    var rule =
        new StraightThrough(network, Map.of(layer, WeightGrid.BINARY), Hold.NOTHING)
            .of(kernel.key(), kernel.weights());
    assertThat(
            new StraightThrough(network, Map.of(), Hold.NOTHING).of(kernel.key(), kernel.weights()))
        .isNull();
    float[] gradient = kernel.weights().clone();
    rule.adjust(gradient);
    assertThat(gradient).isEqualTo(kernel.weights());
    float[] exact = kernel.weights().clone();
    exact[0] = 3;
    exact[1] = -3;
    rule.hold(exact);
    float most = 1;
    for (float weight : kernel.weights()) {
      most = Math.max(most, Math.abs(weight));
    }
    assertThat(exact[0]).isEqualTo(most).isLessThan(3);
    assertThat(exact[1]).isEqualTo(-most);
    assertThat(exact[2]).isEqualTo(kernel.weights()[2]);
    float[] free = {3};
    new StraightThrough(network, Map.of(layer, WeightGrid.TERNARY), Hold.NOTHING)
        .of(kernel.key(), kernel.weights())
        .hold(free);
    assertThat(free).containsExactly(3);
    float[] shown = rule.shown(exact);
    for (int i = 0; i < shown.length; i++) {
      assertThat(Math.signum(shown[i])).isEqualTo(Math.signum(exact[i]));
    }
    assertThat(Math.abs(shown[0]))
        .isEqualTo(Math.abs(shown[1]))
        .isCloseTo(Math.abs(shown[2]), within(0f));
  }
}
