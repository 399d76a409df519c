package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.WeightHashing;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.FashionMini;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hashed networks on all of fashion-mini (Chen et al. 2016), beside the network that they come
 * from, trained as long, and one that is narrower by itself.
 */
@Tag("full")
class HashedNetworksTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final Examples TRAINING = FashionMini.read("train");
  private static final Examples UNSEEN = FashionMini.read("validation");
  private static final int EPOCHS = 6;
  private static final int TUNING = 10;

  /** Three convolutions of 3 x 3. */
  private static Architecture convolutions(int width) {
    List<Node> nodes = new ArrayList<>();
    String last = Architecture.INPUT;
    for (int i = 0; i < 3; i++) {
      nodes.add(new Node("conv" + i, Convolution.same(width << i, 3, 1), List.of(last)));
      nodes.add(new Node("norm" + i, new BatchNorm(), List.of("conv" + i)));
      nodes.add(new Node("act" + i, new Activation(Function.RELU), List.of("norm" + i)));
      last = "act" + i;
      if (i < 2) {
        nodes.add(new Node("pool" + i, new Pooling(Pooling.Kind.MAX, 2, 2, 0), List.of(last)));
        last = "pool" + i;
      }
    }
    nodes.add(new Node("gap", new GlobalAveragePool(), List.of(last)));
    nodes.add(new Node("scores", new Dense(10, true), List.of("gap")));
    return new Architecture(new Shape(1, 28, 28), nodes);
  }

  private static double report(String what, Encoded encoded) {
    double accuracy = 100 * Quality.leading(ENGINE.predict(encoded.network(), UNSEEN), UNSEEN);
    int bytes = bytes(encoded);
    System.out.printf(Locale.ROOT, "%s: %.2f %%, %d bytes%n", what, accuracy, bytes);
    return accuracy;
  }

  private static int bytes(Encoded encoded) {
    Network folded = BatchNormFolding.fold(encoded.network());
    return ExportedModel.of(folded, encoded.encoding()).packed().length;
  }

  private static Network trained(Network start, int epochs) {
    TrainingPlan plan = TrainingPlan.standard(epochs);
    return ENGINE.train(start, plan, TRAINING, 1, TrainingProgress.SILENT);
  }

  private static Network fresh(int width) {
    return ENGINE.fresh(convolutions(width), FashionSlice.NORMALIZATION, 1);
  }

  @Test
  void aTenthOfTheValuesIsBetterThanANarrowNetworkOfAsManyBytes() {
    Network fresh = fresh(16);
    Network trained = trained(fresh, EPOCHS);
    Encoded whole = Encoded.trained(trained(trained, TUNING));
    Workbench bench =
        Workbench.of(
            ENGINE,
            TrainingPlan.standard(EPOCHS),
            TrainingSet.of(TRAINING),
            fresh,
            1,
            TrainingProgress.SILENT);
    Encoded narrow = Encoded.trained(trained(trained(fresh(4), EPOCHS), TUNING));
    double before = report("whole", whole);
    double beside = report("narrow", narrow);
    report("hashed at 0.75", hashed(0.75, trained, bench));
    Encoded tenth = hashed(0.9, trained, bench);
    double after = report("hashed at 0.9", tenth);
    // 88.75, 81.15, 85.65 and 84.25 % were measured
    assertThat(after).isGreaterThan(beside + 1).isGreaterThan(before - 6);
    assertThat(bytes(tenth)).isLessThan(bytes(narrow)).isLessThan(bytes(whole) / 12);
  }

  private static Encoded hashed(double share, Network trained, Workbench bench) {
    Recipe recipe = new Recipe(List.of(new WeightHashing(share, TUNING)));
    return Compression.apply(recipe, trained, bench).encoded();
  }
}
