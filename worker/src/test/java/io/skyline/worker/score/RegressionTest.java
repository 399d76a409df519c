package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.scorecard.Metric;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Dl4jEngine;
import io.skyline.worker.dl4j.ModelZip;
import io.skyline.worker.dl4j.ZippedModel;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers predicted from a table, from training to every exported file. */
class RegressionTest {
  private static final Shape INPUT = Shape.flat(3);

  /** Far from zero and one, so that a file that forgets a scale is far off. */
  private static final Normalization NORMALIZATION =
      new Normalization(
          List.of(2000f, 0f, -5f),
          List.of(10f, 0.01f, 1f),
          Optional.of(new Normalization.Target(500, 40)));

  @TempDir Path folder;

  private static Architecture mlp() {
    SampleNetworks net = new SampleNetworks(INPUT);
    net.then(new Dense(16, true));
    net.then(SampleNetworks.RELU);
    net.then(new Dense(1, true));
    return net.architecture();
  }

  private static Examples table(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count * 3];
    float[] targets = new float[count];
    for (int i = 0; i < count; i++) {
      double a = random.nextDouble() * 4 - 2;
      double b = random.nextDouble() * 4 - 2;
      double c = random.nextDouble() * 4 - 2;
      values[3 * i] = (float) (2000 + 10 * a);
      values[3 * i + 1] = (float) (0.01 * b);
      values[3 * i + 2] = (float) (c - 5);
      targets[i] = (float) (500 + 25 * a - 15 * Math.abs(b) + 5 * c);
    }
    return new Examples(INPUT, values, targets);
  }

  private static Network trained(Engine engine, int epochs) {
    TrainingPlan plan =
        new TrainingPlan(epochs, 32, Optimizer.ADAM, 0.01, 0.1, 0, 0, new Augmentation(true, 2));
    Network fresh = engine.fresh(mlp(), NORMALIZATION, 1);
    return engine.train(fresh, plan, table(1000, 1), 2, TrainingProgress.SILENT);
  }

  private static double explained(float[] predictions, Examples table) {
    return Quality.of(predictions, table).value(Metric.R2).orElseThrow();
  }

  @Test
  void learnsNumbersInTheirOwnUnit() {
    Examples unseen = table(300, 9);
    Engine engine = new OneDnnEngine();
    float[] predictions = engine.predict(trained(engine, 15), unseen);
    assertThat(explained(predictions, unseen)).isGreaterThan(0.97);
    assertThat(Quality.of(predictions, unseen).value(Metric.MAE).orElseThrow()).isLessThan(5);
  }

  @Test
  void bothEnginesTakeTheSameSteps() {
    Examples unseen = table(100, 9);
    Engine dl4j = new Dl4jEngine();
    float[] slow = dl4j.predict(trained(dl4j, 2), unseen);
    Engine onednn = new OneDnnEngine();
    assertThat(onednn.predict(trained(onednn, 2), unseen)).containsExactly(slow, within(0.05f));
  }

  @Test
  void everyFilePredictsWhatTheEngineDoes() throws Exception {
    Examples unseen = table(300, 9);
    Engine engine = new OneDnnEngine();
    Network network = BatchNormFolding.fold(trained(engine, 3));
    float[] expected = engine.predict(network, unseen);
    for (Encoding encoding : List.of(Encoding.FLOAT32, Encoding.FLOAT16)) {
      try (ModelSession session = ModelSession.load(OnnxWriter.write(network, encoding))) {
        assertThat(session.isRegression()).isTrue();
        assertThat(session.outputs()).containsExactly(OnnxWriter.PREDICTION);
        float tolerance = encoding == Encoding.FLOAT32 ? 0.01f : 0.3f;
        assertThat(session.predict(unseen)).containsExactly(expected, within(tolerance));
      }
    }
    Path zip = folder.resolve("model.zip");
    ModelZip.write(network, zip);
    assertThat(ZippedModel.predict(zip, unseen)).containsExactly(expected, within(0.01f));
  }

  @Test
  void eightBitsPredictNearly() {
    Examples unseen = table(300, 9);
    Network network = trained(new OneDnnEngine(), 15);
    Encoding.Int8 ranges = ActivationRanges.measure(network, table(200, 1));
    try (ModelSession session = ModelSession.load(OnnxWriter.write(network, ranges))) {
      assertThat(explained(session.predict(unseen), unseen)).isGreaterThan(0.9);
    }
  }
}
