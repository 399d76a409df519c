package io.skyline.worker.train;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Examples;

/** A problem that every network with a little of everything learns in seconds. */
final class SmallProblem {
  static final Shape IMAGE = new Shape(1, 12, 12);

  private SmallProblem() {}

  static Architecture mixture() {
    return Nets.chain(
        IMAGE,
        Convolution.same(12, 3, 1),
        new BatchNorm(),
        new Activation(Function.RELU),
        new Pooling(Pooling.Kind.MAX, 2, 2, 0),
        Convolution.depthwise(12, 5, 1),
        new BatchNorm(),
        new Activation(Function.RELU6),
        new Convolution(16, 3, 2, 1, 4, true),
        new Activation(Function.RELU),
        new GlobalAveragePool(),
        new Dense(3, true));
  }

  /** Images whose class is the third that is bright. */
  static Examples stripes(int count, long seed) {
    Examples noise = Nets.examples(IMAGE, count, 3, seed);
    byte[] pixels = noise.pixels();
    for (int i = 0; i < pixels.length; i++) {
      int row = i / IMAGE.width() % IMAGE.height();
      int label = noise.labels()[i / (IMAGE.width() * IMAGE.height())];
      pixels[i] = (byte) ((pixels[i] & 0xFF) / 3 + (row / 4 == label ? 150 : 0));
    }
    return new Examples(IMAGE, pixels, noise.labels());
  }

  static TrainingPlan plan(int epochs, Optimizer optimizer, double rate) {
    return new TrainingPlan(epochs, 16, optimizer, rate, 1, 1e-4, 0.05, Augmentation.NONE);
  }
}
