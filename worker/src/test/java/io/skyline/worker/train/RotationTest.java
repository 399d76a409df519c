package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.FashionMini;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.score.Quality;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whether small rotations of training images help on fashion-mini, and by how much. */
@Tag("full")
class RotationTest {
  private static final Shape IMAGE = new Shape(1, 28, 28);
  private static final int SEEDS = 5;
  private static final int EPOCHS = 12;
  private static final double[] DEGREES = {0, 5, 10};

  /** Beyond what five seeds could hide, rotations do no harm; the figures are what is printed. */
  @Test
  void smallRotationsDoNotCostAPoint() throws IOException {
    Examples training = FashionMini.read("train");
    Examples validation = FashionMini.read("validation");
    double[] means = new double[DEGREES.length];
    for (int seed = 1; seed <= SEEDS; seed++) {
      for (int i = 0; i < DEGREES.length; i++) {
        double accuracy = accuracy(train(training, DEGREES[i], seed), validation);
        System.out.printf("seed %d, %2.0f degrees: %.4f%n", seed, DEGREES[i], accuracy);
        means[i] += accuracy / SEEDS;
      }
    }
    for (int i = 0; i < DEGREES.length; i++) {
      System.out.printf(
          "%2.0f degrees: %.4f, %+.2f points%n", DEGREES[i], means[i], 100 * (means[i] - means[0]));
      assertThat(means[i]).isGreaterThan(means[0] - 0.01);
    }
  }

  private static Network train(Examples training, double degrees, long seed) {
    TrainingPlan plan =
        new TrainingPlan(
            EPOCHS,
            64,
            TrainingPlan.Optimizer.ADAM,
            1e-2,
            0.1,
            1e-4,
            0,
            new Augmentation(true, 1, degrees, 0, 0));
    Engine engine = new OneDnnEngine();
    Normalization normalization = new Normalization(List.of(73f), List.of(90f));
    Network fresh = engine.fresh(net(), normalization, seed);
    return engine.train(fresh, plan, training, seed, TrainingProgress.SILENT);
  }

  private static Architecture net() {
    List<Layer> layers = new ArrayList<>();
    for (int width : new int[] {16, 32, 32}) {
      layers.add(Convolution.same(width, 3, 1));
      layers.add(new BatchNorm());
      layers.add(new Activation(Function.RELU));
      layers.add(new Pooling(Pooling.Kind.MAX, 2, 2, 0));
    }
    layers.set(layers.size() - 1, new GlobalAveragePool());
    layers.add(new Dense(10, true));
    List<Node> nodes = new ArrayList<>();
    String last = Architecture.INPUT;
    for (Layer layer : layers) {
      nodes.add(new Node("l" + nodes.size(), layer, List.of(last)));
      last = "l" + (nodes.size() - 1);
    }
    return new Architecture(IMAGE, nodes);
  }

  private static double accuracy(Network network, Examples examples) {
    return Quality.leading(new OneDnnEngine().predict(network, examples), examples);
  }
}
