package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.cost.CandidateCost;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.StoragePlan;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.space.Genome;
import io.skyline.worker.compress.Compression;
import io.skyline.worker.compress.Condensation;
import io.skyline.worker.compress.Encoded;
import io.skyline.worker.compress.Workbench;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.ModelZip;
import io.skyline.worker.dl4j.ZippedModel;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.score.ExitOutputs;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random candidates of every space of the catalog train for an epoch, are exported, and give the
 * same probabilities in the trainer, in ONNX Runtime and in DL4J; their own recipe then compresses
 * them to the very cost that was foretold.
 *
 * <p>{@code -Dskyline.samples=3} draws fewer.
 */
@Tag("full")
class EverySpaceTest {
  private static final int SAMPLES = Integer.getInteger("skyline.samples", 50);
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final TrainingPlan PLAN = TrainingPlan.standard(1);

  @TempDir Path folder;

  static List<String> spaces() {
    return Catalog.names();
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void everySampleTrainsAndComputesTheSameEverywhere(String name) throws Exception {
    CandidateSpace space = Catalog.space(name);
    FashionTasks tasks = FashionTasks.of(space, folder, 512, 64, 16);
    Examples training = tasks.examples(tasks.data().getTrain());
    Examples validation = tasks.examples(tasks.data().getValidation());
    DataCard data = Wire.dataCard(tasks.data());
    Normalization pixels = new Normalization(data.mean(), data.deviation());
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < SAMPLES; i++) {
      Genome genome = space.decisions().sample(random);
      Candidate candidate = space.decode(genome, data, PLAN);
      Network fresh = ENGINE.fresh(candidate.architecture(), pixels, i);
      Network learned =
          ENGINE.train(fresh, candidate.training(), training, i, TrainingProgress.SILENT);
      Network trained = Condensation.deployed(learned);
      Workbench bench =
          Workbench.of(
              ENGINE,
              candidate.training(),
              TrainingSet.of(training),
              fresh,
              i,
              TrainingProgress.SILENT);

      Compression plain = Compression.apply(Recipe.NONE, trained, bench);

      Network folded = leaving(plain.encoded(), validation);
      float[] ours = ENGINE.predict(learned.with(folded.exits()), validation);
      ExportedModel model = ExportedModel.of(folded, plain.encoded().encoding());
      assertThat(predict(model, validation))
          .as("ONNX Runtime, %s", genome)
          .containsExactly(ours, within(2e-3f));
      assertThat(predict(model, validation.slice(0, 1)))
          .as("ONNX Runtime, one image, %s", genome)
          .containsExactly(Arrays.copyOf(ours, folded.architecture().classes()), within(2e-3f));
      Path zip = folder.resolve("model.zip");
      ModelZip.write(folded, zip);
      assertThat(ZippedModel.predict(zip, folded.exits(), validation))
          .as("DL4J, %s", genome)
          .containsExactly(ours, within(2e-3f));
      Compression shipped = Compression.apply(candidate.recipe(), trained, bench);
      Network ships = leaving(shipped.encoded(), validation);
      ExportedModel compressed = ExportedModel.of(ships, shipped.encoded().encoding());
      assertThat(meanDifference(predict(compressed, validation), ships, validation))
          .as("compressed, %s", genome)
          .isLessThan(shipped.encoded().encoding() instanceof Encoding.Int8 ? 0.05 : 1e-4);
      Architecture small = shipped.encoded().network().architecture();
      StoragePlan storage = StoragePlan.of(small, candidate.recipe());
      assertThat(NetworkCost.of(small, storage).scorecard())
          .as("foretold, %s", genome)
          .isEqualTo(CandidateCost.of(candidate));
    }
  }

  /** About half of the images leave at each exit, none of them narrowly. */
  private static Network leaving(Encoded encoded, Examples examples) {
    Network network = encoded.network();
    int classes = network.architecture().classes();
    List<float[]> said = ExitOutputs.of(network, encoded.encoding(), examples);
    List<Float> thresholds = new ArrayList<>();
    for (float[] probabilities : said.subList(0, said.size() - 1)) {
      float[] confidences = new float[examples.count()];
      for (int i = 0; i < confidences.length; i++) {
        confidences[i] = ExitPolicy.confidence(probabilities, i, classes);
      }
      Arrays.sort(confidences);
      int at = confidences.length / 2;
      for (int i = confidences.length / 3; i < 2 * confidences.length / 3; i++) {
        boolean wider = confidences[i] - confidences[i - 1] > confidences[at] - confidences[at - 1];
        at = wider ? i : at;
      }
      thresholds.add((confidences[at] + confidences[at - 1]) / 2);
    }
    return network.with(ExitPolicy.of(thresholds));
  }

  /** Between a model and the network that it was made of. */
  private static double meanDifference(float[] predicted, Network ships, Examples examples) {
    float[] expected = ENGINE.predict(ships, examples);
    assertThat(predicted).hasSameSizeAs(expected);
    double sum = 0;
    for (int i = 0; i < expected.length; i++) {
      sum += Math.abs(predicted[i] - expected[i]);
    }
    return sum / expected.length;
  }

  private static float[] predict(ExportedModel model, Examples examples) {
    try (ModelSession session = ModelSession.load(model.onnx())) {
      return session.predict(examples);
    }
  }
}
