package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChannelPrunerTest extends CompressionStepContract {
  @Override
  Step step() {
    return new ChannelPruning(0.5, 1);
  }

  @Override
  double tolerance() {
    return 1e-3;
  }

  @Test
  void fineTuningRecoversAccuracyOnRealImages() {
    Examples training = FashionSlice.of(0, 1400);
    TrainingPlan plan =
        new TrainingPlan(4, 32, Optimizer.ADAM, 5e-3, 0.1, 1e-4, 0, Augmentation.NONE);
    Network fresh = ENGINE.fresh(Nets.small(), FashionSlice.NORMALIZATION, 1);
    Network trained = ENGINE.train(fresh, plan, training, 1, TrainingProgress.SILENT);
    Workbench bench =
        Workbench.of(ENGINE, plan, TrainingSet.of(training), fresh, 2, TrainingProgress.SILENT);
    double whole = accuracy(trained);
    double raw = accuracy(pruned(trained, bench, 0));
    double tuned = accuracy(pruned(trained, bench, 2));
    assertThat(whole).isGreaterThan(0.7);
    assertThat(raw).isLessThan(whole - 0.1);
    assertThat(tuned).isGreaterThan(raw + 0.1).isGreaterThan(whole - 0.1);
  }

  private static Network pruned(Network network, Workbench bench, int epochs) {
    Recipe recipe = new Recipe(List.of(new ChannelPruning(0.5, epochs)));
    return Compression.apply(recipe, network, bench).encoded().network();
  }

  private static double accuracy(Network network) {
    Examples unseen = FashionSlice.of(1400, 2000);
    return Quality.leading(ENGINE.predict(network, unseen), unseen);
  }
}
