package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.recipe.MagnitudePruning;
import io.skyline.recipe.MagnitudePruning.Rewinding;
import io.skyline.recipe.MagnitudePruning.Scope;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.FashionMini;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Lottery tickets (Frankle and Carbin 2019): LeNet-300-100 with few of its weights, trained from
 * where they began, is as good as all of it; from freshly drawn weights it is not.
 */
@Tag("full")
class LotteryTicketTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final Examples TRAINING = FashionMini.read("train");
  private static final Examples UNSEEN = FashionMini.read("validation");
  private static final int EPOCHS = 10;
  private static final int ROUNDS = 7;
  private static final int SEEDS = 3;

  /** As in the paper (table 2): Adam at 0.0012, batch 60. */
  private static final TrainingPlan PLAN =
      new TrainingPlan(EPOCHS, 60, Optimizer.ADAM, 1.2e-3, 0.1, 0, 0, Augmentation.NONE);

  private static Architecture lenet() {
    Activation relu = new Activation(Function.RELU);
    return new Architecture(
        new Shape(1, 28, 28),
        List.of(
            new Node("flat", new Flatten(), List.of(Architecture.INPUT)),
            new Node("hidden1", new Dense(300, true), List.of("flat")),
            new Node("act1", relu, List.of("hidden1")),
            new Node("hidden2", new Dense(100, true), List.of("act1")),
            new Node("act2", relu, List.of("hidden2")),
            new Node("scores", new Dense(10, true), List.of("act2"))));
  }

  private static double accuracy(Network network) {
    return 100 * Quality.leading(ENGINE.predict(network, UNSEEN), UNSEEN);
  }

  @Test
  void aTicketMatchesTheWholeNetworkAndItsZerosAloneDoNot() {
    for (double share : new double[] {0.82}) {
      double whole = 0;
      double ticket = 0;
      double redrawn = 0;
      for (int seed = 1; seed <= SEEDS; seed++) {
        Network fresh = ENGINE.fresh(lenet(), FashionSlice.NORMALIZATION, seed);
        Network trained = ENGINE.train(fresh, PLAN, TRAINING, seed, TrainingProgress.SILENT);
        Workbench bench =
            Workbench.of(
                ENGINE, PLAN, TrainingSet.of(TRAINING), fresh, seed, TrainingProgress.SILENT);
        double dense = accuracy(trained);
        double rewound = accuracy(pruned(trained, share, Rewinding.TICKET, bench));
        double anew = accuracy(pruned(trained, share, Rewinding.REDRAWN, bench));
        System.out.printf(
            Locale.ROOT,
            "%.0f %% zero, seed %d: whole %.2f %%, ticket %.2f %%, drawn anew %.2f %%%n",
            100 * share,
            seed,
            dense,
            rewound,
            anew);
        whole += dense / SEEDS;
        ticket += rewound / SEEDS;
        redrawn += anew / SEEDS;
      }
      System.out.printf(
          Locale.ROOT,
          "%.0f %% zero: whole %.2f %%, ticket %.2f %%, drawn anew %.2f %%%n",
          100 * share,
          whole,
          ticket,
          redrawn);
      assertThat(ticket).isGreaterThan(redrawn + 0.3);
      if (share < 0.9) {
        assertThat(ticket).isGreaterThan(whole - 0.2);
      }
    }
  }

  private static Network pruned(
      Network trained, double share, Rewinding rewinding, Workbench bench) {
    MagnitudePruning pruning =
        new MagnitudePruning(share, Scope.LAYER, ROUNDS, ROUNDS * EPOCHS, rewinding);
    return CompressionStep.of(pruning).apply(Encoded.trained(trained), bench).network();
  }
}
