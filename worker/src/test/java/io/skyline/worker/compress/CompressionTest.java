package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.BatchNorm;
import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.compress.Compression.Stage;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Dl4jEngine;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CompressionTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final Examples TRAINING = FashionSlice.of(0, 1200);
  private static final TrainingPlan PLAN = TrainingPlan.standard(4);

  private static Network trained;
  private static Workbench bench;

  @BeforeAll
  static void train() {
    Network fresh = ENGINE.fresh(Nets.small(), FashionSlice.NORMALIZATION, 3);
    trained = ENGINE.train(fresh, PLAN, TRAINING, 3, TrainingProgress.SILENT);
    bench = Workbench.of(ENGINE, PLAN, TrainingSet.of(TRAINING), fresh, 4, TrainingProgress.SILENT);
  }

  @Test
  void theEmptyRecipeOnlyFoldsNormalizations() {
    Compression compression = Compression.apply(Recipe.NONE, trained, bench);
    assertThat(compression.stages()).hasSize(1);
    assertThat(compression.encoded().encoding()).isEqualTo(Encoding.FLOAT32);
    Network folded = compression.encoded().network();
    assertThat(folded.architecture().nodes()).noneMatch(node -> node.layer() instanceof BatchNorm);
    Examples examples = FashionSlice.of(1900, 2000);
    float[] before = ENGINE.predict(trained, examples);
    assertThat(ENGINE.predict(folded, examples)).containsExactly(before, within(1e-4f));
  }

  @Test
  void doesItsStepsInOrderAndReportsEach() {
    Recipe recipe =
        new Recipe(List.of(new ChannelPruning(0.5, 1), new Quantization(Precision.INT8)));
    Compression compression = Compression.apply(recipe, trained, bench);

    assertThat(compression.encoded().encoding()).isInstanceOf(Encoding.Int8.class);
    assertThat(compression.stages())
        .extracting(Stage::step)
        .containsExactly("trained", "channel-pruning(0.5, 1 epochs)", "quantization(int8)");
    Encoded before = compression.stages().get(0).encoded();
    Encoded pruned = compression.stages().get(1).encoded();
    assertThat(parameters(pruned)).isLessThan(parameters(before) / 2);
    assertThat(parameters(compression.encoded())).isEqualTo(parameters(pruned));
    double whole = quality(before);
    assertThat(whole).isBetween(0.6, 1.0);
    assertThat(quality(pruned)).isNotEqualTo(whole).isGreaterThan(whole - 0.2);
    assertThat(quality(compression.encoded())).isGreaterThan(quality(pruned) - 0.04);
  }

  @Test
  void theEngineOfDl4jTunesWhatHoldsNothing() {
    Workbench dl4j =
        Workbench.of(
            new Dl4jEngine(),
            bench.plan().withBatch(16),
            TrainingSet.of(FashionSlice.of(0, 32)),
            trained,
            3,
            TrainingProgress.SILENT);
    Recipe recipe = new Recipe(List.of(new ChannelPruning(0.5, 1)));
    Encoded pruned = Compression.apply(recipe, trained, dl4j).encoded();
    assertThat(parameters(pruned)).isLessThan(parameters(Encoded.trained(trained)) / 2);
  }

  private static int parameters(Encoded encoded) {
    return encoded.network().weights().tensors().values().stream().mapToInt(v -> v.length).sum();
  }

  private static double quality(Encoded encoded) {
    byte[] model = OnnxWriter.write(encoded.network(), encoded.encoding());
    try (ModelSession session = ModelSession.load(model)) {
      return Quality.leading(session.predict(bench.calibration()), bench.calibration());
    }
  }

  @Test
  void calibratesOnExamplesSpreadOverTheTrainingData() {
    assertThat(bench.calibration().count()).isEqualTo(128);
    assertThat(bench.calibration().labels()[127]).isEqualTo(TRAINING.labels()[1190]);
    assertThat(bench.calibration().slice(127, 128).pixels())
        .isEqualTo(TRAINING.slice(1190, 1191).pixels());
  }
}
