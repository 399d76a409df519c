package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.MagnitudePruning.Scope;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.ExitNets;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MagnitudePrunerTest extends CompressionStepContract {
  private static final Examples TRAINING = FashionSlice.of(0, 1400);
  private static final Examples UNSEEN = FashionSlice.of(1400, 2000);
  private static final TrainingPlan PLAN =
      new TrainingPlan(4, 32, Optimizer.ADAM, 5e-3, 0.1, 1e-4, 0, Augmentation.NONE);

  private static Network fresh;
  private static Network trained;
  private static Workbench bench;

  @BeforeAll
  static void train() {
    fresh = ENGINE.fresh(Nets.small(), FashionSlice.NORMALIZATION, 1);
    trained = ENGINE.train(fresh, PLAN, TRAINING, 1, TrainingProgress.SILENT);
    bench = Workbench.of(ENGINE, PLAN, TrainingSet.of(TRAINING), fresh, 2, TrainingProgress.SILENT);
  }

  @Override
  Step step() {
    return new MagnitudePruning(0.6, Scope.GLOBAL, 2, 2, Rewinding.NONE);
  }

  @Override
  double tolerance() {
    return 1e-3;
  }

  @ParameterizedTest
  @EnumSource(Scope.class)
  void exactlyTheShareIsZeroAfterTraining(Scope scope) {
    Network pruned = pruned(new MagnitudePruning(0.7, scope, 2, 2, Rewinding.NONE));
    assertThat(zeros(pruned)).isCloseTo(0.7, within(0.002));
  }

  @Test
  void eachLayerLosesTheSameShareInScopeLayer() {
    Network pruned = pruned(new MagnitudePruning(0.5, Scope.LAYER, 1, 0, Rewinding.NONE));
    List<Kernel> originals = Kernel.of(trained);
    List<Kernel> kernels = Kernel.of(pruned);
    for (int k = 0; k < kernels.size(); k++) {
      Kernel kernel = kernels.get(k);
      double least = 0;
      double largestGone = 0;
      float[] before = originals.get(k).weights();
      int zeros = 0;
      for (int i = 0; i < before.length; i++) {
        if (kernel.weights()[i] == 0) {
          zeros++;
          largestGone = Math.max(largestGone, Math.abs(before[i]));
        } else {
          least = least == 0 ? Math.abs(before[i]) : Math.min(least, Math.abs(before[i]));
        }
      }
      assertThat((double) zeros / before.length).as(kernel.key()).isCloseTo(0.5, within(0.01));
      assertThat(largestGone).as(kernel.key()).isLessThan(least);
    }
  }

  @Test
  void ofEqualWeightsNoMoreGoThanWereAsked() {
    float[] alike = new float[100];
    Arrays.fill(alike, -0.5f);
    assertThat(zeros(Sparsity.cut(new Kernel("k", alike), 0.3))).isEqualTo(30);
    float[] few = {1, 2, 3, 4};
    assertThat(Sparsity.cut(new Kernel("k", few), 0.99).weights()).containsExactly(0, 0, 0, 4);
  }

  private static long zeros(Kernel kernel) {
    return IntStream.range(0, kernel.weights().length)
        .filter(i -> kernel.weights()[i] == 0)
        .count();
  }

  @Test
  void sharesAddUpAlsoWhereTheSearchForThemOvershot() {
    List<Kernel> kernels = List.of(new Kernel("a", new float[50]), new Kernel("b", new float[50]));
    assertThat(Sensitivity.scaledTo(0.3, new double[] {0.9, 0}, kernels))
        .containsExactly(new double[] {0.6, 0}, within(1e-9));
    assertThat(Sensitivity.scaledTo(0.6, new double[] {0.5, 0.3}, kernels))
        .containsExactly(new double[] {1 - 0.5 / 1.5, 1 - 0.7 / 1.5}, within(1e-9));
  }

  @Test
  void rewoundWeightsThatBeganAsZerosAreFree() {
    Network start = Kernel.replaced(fresh, List.of(new Kernel("project.kernel", new float[512])));
    Workbench rewinding =
        Workbench.of(ENGINE, PLAN, TrainingSet.of(TRAINING), start, 2, TrainingProgress.SILENT);
    Step step = new MagnitudePruning(0.5, Scope.LAYER, 1, 1, Rewinding.TICKET);
    Network ticket = CompressionStep.of(step).apply(Encoded.trained(trained), rewinding).network();
    Kernel project =
        Kernel.of(ticket).stream()
            .filter(kernel -> kernel.key().equals("project.kernel"))
            .findFirst()
            .orElseThrow();
    assertThat(zeros(project)).isEqualTo(256);
  }

  @Test
  void sensitivityPrunesTheLayerOfMostUseLess() {
    double[] shares = Sensitivity.shares(trained, 0.8, bench);
    assertThat(Arrays.stream(shares).min().orElseThrow()).isLessThan(0.7);
    assertThat(Arrays.stream(shares).max().orElseThrow()).isGreaterThan(0.8).isLessThanOrEqualTo(1);
  }

  @Test
  void exitsAreAsSensitiveAsWhatTheyAnswer() {
    Network start = ENGINE.fresh(ExitNets.fashion(), FashionSlice.NORMALIZATION, 1);
    Network exits = ENGINE.train(start, PLAN, TRAINING, 1, TrainingProgress.SILENT);
    double[] shares = Sensitivity.shares(exits, 0.8, bench);
    List<Kernel> kernels = Kernel.of(exits);
    for (String exit : exits.architecture().exits()) {
      for (int k = 0; k < shares.length; k++) {
        if (kernels.get(k).key().equals(exit + ".kernel")) {
          assertThat(shares[k]).as(exit).isLessThan(0.95);
        }
      }
    }
    assertThat(exits.architecture().exits()).hasSize(2);
  }

  @Test
  void trainingOnRegainsWhatZerosCost() {
    double whole = accuracy(trained);
    double raw = accuracy(pruned(new MagnitudePruning(0.8, Scope.GLOBAL, 1, 0, Rewinding.NONE)));
    double tuned = accuracy(pruned(new MagnitudePruning(0.8, Scope.GLOBAL, 2, 4, Rewinding.NONE)));
    assertThat(whole).isGreaterThan(0.7);
    assertThat(raw).isLessThan(whole - 0.1);
    assertThat(tuned).isGreaterThan(raw + 0.1).isGreaterThan(whole - 0.05);
  }

  @Test
  void aTicketTrainsFromWhereTheTrainingBegan() {
    Network ticket = pruned(new MagnitudePruning(0.5, Scope.LAYER, 1, 0, Rewinding.TICKET));
    Network redrawn = pruned(new MagnitudePruning(0.5, Scope.LAYER, 1, 0, Rewinding.REDRAWN));
    int kept = 0;
    int same = 0;
    for (int k = 0; k < Kernel.of(ticket).size(); k++) {
      Kernel kernel = Kernel.of(ticket).get(k);
      float[] start = Kernel.of(fresh).get(k).weights();
      float[] other = Kernel.of(redrawn).get(k).weights();
      for (int i = 0; i < start.length; i++) {
        float weight = kernel.weights()[i];
        assertThat(other[i] == 0).isEqualTo(weight == 0);
        if (weight != 0) {
          assertThat(weight).isEqualTo(start[i]);
          kept++;
          same += other[i] == weight ? 1 : 0;
        }
      }
    }
    assertThat(kept).isGreaterThan(100);
    assertThat(same).isZero();
  }

  @Test
  void laterStepsKeepTheZeros() {
    Recipe recipe =
        new Recipe(
            List.of(
                new MagnitudePruning(0.7, Scope.GLOBAL, 1, 1, Rewinding.NONE),
                new io.skyline.recipe.Tutoring(1, 4, 0.7),
                new io.skyline.recipe.WeightSharing(4, 4, 1)));
    Network compressed = Compression.apply(recipe, trained, bench).encoded().network();
    assertThat(zeros(compressed)).isCloseTo(0.7, within(0.002));
  }

  private static Network pruned(MagnitudePruning pruning) {
    return CompressionStep.of(pruning).apply(Encoded.trained(trained), bench).network();
  }

  private static double zeros(Network network) {
    int zeros = 0;
    int all = 0;
    for (Kernel kernel : Kernel.of(network)) {
      for (float weight : kernel.weights()) {
        zeros += weight == 0 ? 1 : 0;
        all++;
      }
    }
    return (double) zeros / all;
  }

  private static double accuracy(Network network) {
    return Quality.leading(ENGINE.predict(network, UNSEEN), UNSEEN);
  }
}
