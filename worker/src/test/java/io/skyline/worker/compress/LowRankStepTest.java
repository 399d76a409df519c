package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.LowRank;
import io.skyline.recipe.LowRank.Method;
import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.MagnitudePruning.Scope;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.Tutoring;
import io.skyline.recipe.WeightSharing;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LowRankStepTest extends CompressionStepContract {
  @Override
  Step step() {
    return new LowRank(Method.SPATIAL, 0.5, 1);
  }

  @Override
  double tolerance() {
    return 1e-3;
  }

  @Test
  void fineTuningRecoversAccuracyOnRealImages() {
    Examples training = FashionSlice.of(0, 1400);
    TrainingPlan plan = TrainingPlan.standard(6);
    Network fresh = ENGINE.fresh(Nets.small(), FashionSlice.NORMALIZATION, 1);
    Network trained = ENGINE.train(fresh, plan, training, 1, TrainingProgress.SILENT);
    Workbench bench =
        Workbench.of(ENGINE, plan, TrainingSet.of(training), fresh, 2, TrainingProgress.SILENT);
    for (Method method : Method.values()) {
      double raw = accuracy(factored(trained, bench, method, 0));
      double tuned = accuracy(factored(trained, bench, method, 2));
      assertThat(tuned).as(method.word()).isGreaterThan(raw).isGreaterThan(accuracy(trained) - 0.1);
    }
  }

  private static Network factored(Network network, Workbench bench, Method method, int epochs) {
    Recipe recipe = new Recipe(List.of(new LowRank(method, 0.6, epochs)));
    return Compression.apply(recipe, network, bench).encoded().network();
  }

  private static double accuracy(Network network) {
    Examples unseen = FashionSlice.of(1400, 2000);
    return Quality.leading(ENGINE.predict(network, unseen), unseen);
  }

  static List<List<Step>> companions() {
    LowRank factors = new LowRank(Method.SPATIAL, 0.4, 1);
    MagnitudePruning zeros = new MagnitudePruning(0.5, Scope.GLOBAL, 1, 1, Rewinding.NONE);
    return List.of(
        List.of(new ChannelPruning(0.5, 1), factors),
        List.of(factors, new ChannelPruning(0.5, 1)),
        List.of(factors, zeros),
        List.of(factors, new Tutoring(1, 4, 0.5)),
        List.of(new Tutoring(1, 4, 0.5), factors),
        List.of(factors, new WeightSharing(5, 8, 1)),
        List.of(factors, new Quantization(Precision.FP16)),
        List.of(factors, new Quantization(Precision.INT8)));
  }

  @ParameterizedTest
  @MethodSource("companions")
  void goesWithEveryStepThatIsLegalBesideIt(List<Step> steps) {
    Recipe recipe = new Recipe(steps);
    Network fresh = ENGINE.fresh(Nets.small(), FashionSlice.NORMALIZATION, 3);
    Encoded encoded = Compression.apply(recipe, fresh, bench()).encoded();
    Network foretold = ENGINE.fresh(recipe.deployed(Nets.small()), FashionSlice.NORMALIZATION, 1);
    assertThat(encoded.network().architecture())
        .isEqualTo(BatchNormFolding.fold(foretold).architecture());
    byte[] model = OnnxWriter.write(encoded.network(), encoded.encoding());
    Examples examples = FashionSlice.of(200, 232);
    try (ModelSession session = ModelSession.load(model)) {
      float[] exported = session.predict(examples);
      float[] network = ENGINE.predict(encoded.network(), examples);
      double difference = 0;
      for (int i = 0; i < exported.length; i++) {
        difference += Math.abs(exported[i] - network[i]) / exported.length;
      }
      assertThat(difference).isLessThan(0.02);
    }
  }
}
