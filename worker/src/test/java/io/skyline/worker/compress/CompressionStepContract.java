package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every step of a recipe keeps. */
abstract class CompressionStepContract {
  static final OneDnnEngine ENGINE = new OneDnnEngine();

  private static final Architecture ARCHITECTURE = Nets.small();

  /** The step to try. */
  abstract Step step();

  /** How far a probability of the exported file may lie from that of the network. */
  abstract double tolerance();

  /** What the engine runs to compute what the exported file does. */
  Network asExported(Encoded encoded) {
    return encoded.network();
  }

  private static Network network() {
    Network drawn = Nets.drawn(ARCHITECTURE, 31);
    return new Network(drawn.architecture(), drawn.weights(), FashionSlice.NORMALIZATION);
  }

  static Workbench bench() {
    return Workbench.of(
        ENGINE,
        TrainingPlan.standard(2),
        TrainingSet.of(FashionSlice.of(0, 192)),
        ENGINE.fresh(ARCHITECTURE, FashionSlice.NORMALIZATION, 5),
        7,
        TrainingProgress.SILENT);
  }

  private Encoded applied(Network network) {
    return CompressionStep.of(step()).apply(Encoded.trained(network), bench());
  }

  @Test
  void givesTheArchitectureThatTheRecipeForetold() {
    Network compressed = applied(network()).network();
    Architecture foretold = new Recipe(List.of(step())).deployed(ARCHITECTURE);
    assertThat(folded(compressed))
        .isEqualTo(folded(ENGINE.fresh(foretold, FashionSlice.NORMALIZATION, 1)));
    assertThat(compressed.normalization()).isEqualTo(FashionSlice.NORMALIZATION);
  }

  private static Architecture folded(Network network) {
    return BatchNormFolding.fold(network).architecture();
  }

  @Test
  void leavesWhatItIsGivenAlone() {
    Network network = network();
    applied(network);
    assertEqual(network.weights(), network().weights());
  }

  @Test
  void repeatsExactly() {
    Encoded one = applied(network());
    Encoded two = applied(network());
    assertEqual(one.network().weights(), two.network().weights());
    assertThat(one.encoding()).isEqualTo(two.encoding());
  }

  static void assertEqual(Weights one, Weights two) {
    Map<String, float[]> others = two.tensors();
    assertThat(one.tensors().keySet()).isEqualTo(others.keySet());
    one.tensors().forEach((key, values) -> assertThat(values).as(key).isEqualTo(others.get(key)));
  }

  @Test
  void theExportedFileComputesWhatTheNetworkDoes() {
    Encoded encoded = applied(network());
    Examples examples = FashionSlice.of(200, 260);
    float[] network = ENGINE.predict(asExported(encoded), examples);
    byte[] model = OnnxWriter.write(encoded.network(), encoded.encoding());
    try (ModelSession session = ModelSession.load(model)) {
      float[] exported = session.predict(examples);
      assertThat(exported).hasSize(600);
      for (int i = 0; i < exported.length; i++) {
        assertThat((double) exported[i]).isCloseTo(network[i], within(tolerance()));
      }
    }
  }
}
