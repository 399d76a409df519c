package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.recipe.ChannelPlan;
import io.skyline.recipe.ChannelPlan.Layout;
import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.ChannelPruning.Criterion;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each criterion sees in a network that was trained on real images. */
class ChannelWorthTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final String LAYER = "wide";
  private static final String NORM = "wide_norm";

  private static Network trained;
  private static Workbench bench;

  @BeforeAll
  static void train() {
    Examples training = FashionSlice.of(0, 1400);
    TrainingPlan plan =
        new TrainingPlan(4, 32, Optimizer.ADAM, 5e-3, 0, 1e-4, 0, Augmentation.NONE);
    Network fresh = ENGINE.fresh(Nets.small(), FashionSlice.NORMALIZATION, 1);
    trained = ENGINE.train(fresh, plan, training, 1, TrainingProgress.SILENT);
    bench = Workbench.of(ENGINE, plan, TrainingSet.of(training), fresh, 2, TrainingProgress.SILENT);
  }

  private static Network copy() {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    trained.weights().tensors().forEach((key, values) -> tensors.put(key, values.clone()));
    return new Network(trained.architecture(), new Weights(tensors), trained.normalization());
  }

  private static float[] tensor(Network network, String node, String parameter) {
    return network.weights().tensors().get(node + "." + parameter);
  }

  /** Of the 32 channels of the last convolution. */
  private static double[] worth(Criterion criterion, Network network) {
    ChannelPlan plan = ChannelPlan.of(network.architecture(), 0.5);
    Layout layout = plan.layout(LAYER);
    return ChannelWorth.of(criterion, network, plan, bench).sets().get(layout.spans().get(0).set());
  }

  @Test
  void normsAreThoseOfAChannelsWeights() {
    Network network = copy();
    float[] kernel = tensor(network, LAYER, "kernel");
    int row = kernel.length / 32;
    Arrays.fill(kernel, 0, row, 0f);
    kernel[0] = 3;
    kernel[1] = -4;
    assertThat(worth(Criterion.L1, network)[0]).isEqualTo(7);
    assertThat(worth(Criterion.L2, network)[0]).isEqualTo(5);
  }

  @Test
  void aChannelThatIsNeverActiveIsWorthNothing() {
    Network network = copy();
    tensor(network, NORM, "beta")[5] = -1000;
    tensor(network, NORM, "beta")[6] = 1000;
    double[] worth = worth(Criterion.APOZ, network);
    assertThat(worth[5]).isZero();
    assertThat(worth[6]).isEqualTo(1, within(1e-6));
    assertThat(Arrays.stream(worth).boxed()).allMatch(share -> share >= 0 && share <= 1 + 1e-9);
  }

  @Test
  void theTaylorExpansionForetellsWhatTheLossLosesWithAChannel() {
    Network network = copy();
    float[] gains = tensor(network, NORM, "gamma");
    float[] shifts = tensor(network, NORM, "beta");
    // so small a channel that the first order is all there is
    gains[3] *= 0.01f;
    shifts[3] *= 0.01f;
    double worth = worth(Criterion.TAYLOR, network)[3];

    Examples examples = bench.training().examples().spread(1024);
    double with = loss(network, examples);
    gains[3] = 0;
    shifts[3] = 0;
    double change = loss(network, examples) - with;
    assertThat(worth).isPositive();
    // the mean of squares over 32 batches is no less than the square of the mean
    assertThat(change * change).isLessThan(1.1 * worth).isGreaterThan(1e-4 * worth);
  }

  private static double loss(Network network, Examples examples) {
    double sum = 0;
    for (int from = 0; from < 1024; from += 32) {
      sum += ENGINE.gradients(network, examples.slice(from, from + 32), 0).loss();
    }
    return sum / 32;
  }

  @ParameterizedTest
  @EnumSource
  void everyCriterionRepeatsAndLeavesANetworkThatLearnsAgain(Criterion criterion) {
    assertThat(worth(criterion, trained)).containsExactly(worth(criterion, trained));
    double kept = accuracy(pruned(new ChannelPruning(0.5, criterion, 2)));
    assertThat(kept).isGreaterThan(accuracy(trained) - 0.1);
  }

  private static Network pruned(ChannelPruning pruning) {
    return Compression.apply(new Recipe(List.of(pruning)), trained, bench).encoded().network();
  }

  private static double accuracy(Network network) {
    Examples unseen = FashionSlice.of(1400, 2000);
    return Quality.leading(ENGINE.predict(network, unseen), unseen);
  }

  @Test
  void criteriaChooseOtherChannels() {
    List<List<Float>> kept =
        Stream.of(Criterion.values())
            .map(criterion -> firstWeights(pruned(new ChannelPruning(0.5, criterion, 0))))
            .distinct()
            .toList();
    assertThat(kept).hasSize(Criterion.values().length);
  }

  private static List<Float> firstWeights(Network network) {
    List<Float> weights = new ArrayList<>();
    for (float weight : tensor(network, LAYER, "kernel")) {
      weights.add(weight);
    }
    return weights;
  }
}
