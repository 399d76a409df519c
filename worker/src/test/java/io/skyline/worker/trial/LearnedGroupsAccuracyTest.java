package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.cost.CandidateCost;
import io.skyline.recipe.Regularization;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.SpaceReader;
import io.skyline.worker.compress.Condensation;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What learning the inputs of groups is worth beside groups that are given, for the same deployed
 * kernels, on fashion-mini. Prints a line for each seed.
 */
@Tag("full")
class LearnedGroupsAccuracyTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final Normalization PIXELS = new Normalization(List.of(73f), List.of(90f));
  private static final int SEEDS = 3;
  private static final double PAPERS_LASSO = 1e-5;
  private static final CandidateSpace SPACE =
      SpaceReader.read(
          """
          stem: {width: 16, stride: 2}
          stages:
            - {block: condense, depth: 4, growth: 8, groups: 4, condensation: [1, 4], width: 32}
            - downsample: average
              block: condense
              depth: 4
              growth: 16
              groups: 4
              condensation: [1, 4]
              width: 64
          """,
          "condensed");

  @TempDir private Path folder;

  private record Variant(String name, int condensation, double lasso) {}

  @ParameterizedTest
  @ValueSource(ints = {3, 12})
  void learnedGroupsCostTheSameAndStayWithinTwoPointsOfGivenOnes(int epochs) throws Exception {
    FashionTasks tasks = new FashionTasks(folder, 8000, 2000, 16);
    Examples training = tasks.examples(tasks.data().getTrain());
    Examples validation = tasks.examples(tasks.data().getValidation());
    List<Variant> variants =
        List.of(
            new Variant("given", 1, 0),
            new Variant("learned", 4, 0),
            new Variant("learned with group lasso", 4, PAPERS_LASSO));
    double[] means = new double[variants.size()];
    for (int seed = 1; seed <= SEEDS; seed++) {
      StringBuilder line = new StringBuilder("%d epochs, seed %d:".formatted(epochs, seed));
      for (int i = 0; i < variants.size(); i++) {
        Variant variant = variants.get(i);
        double accuracy = accuracy(candidate(variant, epochs, tasks), training, validation, seed);
        means[i] += 100 * accuracy / SEEDS;
        line.append(" %s %.2f %%,".formatted(variant.name(), 100 * accuracy));
      }
      System.out.println(line);
    }
    System.out.printf(
        "%d epochs, mean of %d seeds: given %.2f %%, learned %.2f %%, with group lasso %.2f %%%n",
        epochs, SEEDS, means[0], means[1], means[2]);
    Scorecard given = CandidateCost.of(candidate(variants.get(0), epochs, tasks));
    Scorecard learned = CandidateCost.of(candidate(variants.get(1), epochs, tasks));
    for (Metric metric : List.of(Metric.PARAMETERS, Metric.MACS)) {
      assertThat(learned.value(metric)).isEqualTo(given.value(metric));
    }
    System.out.println("given " + given + "\nlearned " + learned);
    assertThat(means[1]).isGreaterThan(means[0] - 2);
  }

  private static Candidate candidate(Variant variant, int epochs, FashionTasks tasks) {
    int[] choices =
        SPACE.decisions().decisions().stream()
            .mapToInt(d -> d.values().indexOf(Integer.toString(variant.condensation())))
            .toArray();
    TrainingPlan plan = TrainingPlan.standard(epochs);
    TrainingPlan penalised =
        new TrainingPlan(
            epochs,
            plan.batch(),
            plan.optimizer(),
            plan.schedule(),
            new Regularization(plan.regularization().weightDecay(), 0, 0, 0, variant.lasso()),
            plan.augmentation());
    return SPACE.decode(SPACE.decisions().genome(choices), Wire.dataCard(tasks.data()), penalised);
  }

  private static double accuracy(
      Candidate candidate, Examples training, Examples validation, long seed) {
    Network fresh = ENGINE.fresh(candidate.architecture(), PIXELS, seed);
    Network deployed =
        Condensation.deployed(
            ENGINE.train(fresh, candidate.training(), training, seed, TrainingProgress.SILENT));
    return Quality.leading(ENGINE.predict(deployed, validation), validation);
  }
}
