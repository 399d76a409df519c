package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.recipe.Calibration;
import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.LayerGrids;
import io.skyline.recipe.LowRank;
import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.MagnitudePruning.Scope;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.recipe.StepKind;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.Tutoring;
import io.skyline.recipe.WeightGrid;
import io.skyline.recipe.WeightHashing;
import io.skyline.recipe.WeightSharing;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.network.Network;
import io.skyline.worker.pack.PackedModel;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every two steps that may follow each other, from the trained network to the packed file. */
class LegalPairsTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final Examples TRAINING = FashionSlice.of(0, 600);
  private static final Examples UNSEEN = FashionSlice.of(1000, 1300);
  private static final TrainingPlan PLAN = TrainingPlan.standard(3);

  private static Network trained;
  private static Workbench bench;

  @BeforeAll
  static void train() {
    Network fresh = ENGINE.fresh(Nets.small(), FashionSlice.NORMALIZATION, 3);
    trained = ENGINE.train(fresh, PLAN, TRAINING, 3, TrainingProgress.SILENT);
    bench = Workbench.of(ENGINE, PLAN, TrainingSet.of(TRAINING), fresh, 4, TrainingProgress.SILENT);
  }

  /** Steps of a kind, in each form that ends in another file. */
  private static Stream<Step> steps(StepKind kind) {
    return switch (kind) {
      case CHANNEL_PRUNING -> Stream.of(new ChannelPruning(0.25, 1));
      case LOW_RANK ->
          Stream.concat(
              Stream.of(LowRank.Method.values()).map(method -> new LowRank(method, 0.3, 1)),
              Stream.of(new LowRank(LowRank.Method.SPATIAL, new LowRank.Energy(0.8), 1)));
      case MAGNITUDE_PRUNING ->
          Stream.of(
              new MagnitudePruning(0.5, Scope.GLOBAL, 2, 2, Rewinding.NONE),
              new MagnitudePruning(0.5, Scope.SENSITIVITY, 1, 1, Rewinding.NONE));
      case DISTILLATION -> Stream.of(new Tutoring(1, 4, 0.7));
      case WEIGHT_SHARING -> Stream.of(new WeightSharing(5, 5, 1));
      case WEIGHT_HASHING -> Stream.of(new WeightHashing(0.75, 1));
      case QUANTIZATION -> Stream.of(Precision.values()).map(LegalPairsTest::quantization);
    };
  }

  private static Quantization quantization(Precision precision) {
    return switch (precision) {
      case MIXED -> parts(precision, List.of(WeightGrid.INT8, WeightGrid.TERNARY), 0);
      case XNOR -> parts(precision, List.of(WeightGrid.BINARY), 1);
      default -> new Quantization(precision, precision.hasGrids() ? 1 : 0);
    };
  }

  private static Quantization parts(Precision precision, List<WeightGrid> grids, int epochs) {
    Optional<WeightGrid> ends = Optional.of(WeightGrid.FP32);
    return new Quantization(
        precision, new LayerGrids(grids, ends, ends), Calibration.MIN_MAX, false, 7, epochs);
  }

  static Stream<Recipe> pairs() {
    return Stream.of(StepKind.values())
        .flatMap(LegalPairsTest::steps)
        .flatMap(
            first ->
                Stream.of(StepKind.values())
                    .filter(kind -> first.kind().refuses(kind).isEmpty())
                    .flatMap(LegalPairsTest::steps)
                    .map(second -> new Recipe(List.of(first, second))));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void endsInOneFileThatComputesWhatTheTrainerDoes(Recipe recipe) throws Exception {
    Encoded encoded = Compression.apply(recipe, trained, bench).encoded();
    ExportedModel model = ExportedModel.of(encoded.network(), encoded.encoding());
    assertThat(PackedModel.unpack(model.packed(), "packed")).isEqualTo(model.onnx());
    float[] ours = ENGINE.predict(asExported(encoded), UNSEEN);
    try (ModelSession session = ModelSession.load(model.onnx())) {
      float[] exported = session.predict(UNSEEN);
      double sum = 0;
      for (int i = 0; i < ours.length; i++) {
        sum += Math.abs(exported[i] - ours[i]) / ours.length;
      }
      assertThat(sum).isLessThan(tolerance(recipe));
    }
  }

  private static Network asExported(Encoded encoded) {
    return encoded.encoding() instanceof Encoding.Int8 bytes
        ? ByteTraining.of(encoded.network(), bytes)
        : encoded.network();
  }

  /** Bytes whose range is taken of a batch are not what the trainer computes with. */
  private static double tolerance(Recipe recipe) {
    return switch (recipe.quantization().map(Quantization::precision).orElse(Precision.FP16)) {
      case INT8_DYNAMIC -> 0.03;
      case INT8 -> 1e-3; // biases are rounded in the file
      default -> 1e-5;
    };
  }

  @Test
  void thereAreLegalPairsOfEveryKindButTheLast() {
    for (StepKind kind : StepKind.values()) {
      boolean last = kind == StepKind.QUANTIZATION;
      assertThat(pairs().anyMatch(pair -> pair.steps().get(0).kind() == kind)).isEqualTo(!last);
    }
  }
}
