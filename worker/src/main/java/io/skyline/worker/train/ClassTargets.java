package io.skyline.worker.train;

import io.skyline.recipe.Distillation;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.TrainingBatch;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The distributions over classes that a batch's outputs should be, and the cross-entropy. */
final class ClassTargets implements BatchLoss {
  private final TrainingSet set;
  private final int classes;
  private final double smoothing;
  private final double[] shares;
  private final Optional<Distillation> distillation;
  private final float @Nullable [] taught;
  private final float[] hard;
  private final float[] soft;

  ClassTargets(TrainingPlan plan, TrainingSet set, int classes, int batch) {
    this.set = set;
    this.classes = classes;
    this.smoothing = plan.regularization().labelSmoothing();
    this.shares = ClassShares.of(plan.classWeights(), set.withLabels().labels(), classes);
    this.distillation = plan.distillation();
    if (distillation.isPresent() && set.teachers().isEmpty()) {
      throw new IllegalArgumentException("the plan distils, but no teacher was asked");
    }
    this.taught =
        distillation
            .map(d -> SoftTargets.of(set.teachers(), classes, d.temperature()))
            .orElse(null);
    this.hard = new float[batch * classes];
    this.soft = new float[taught == null ? 0 : hard.length];
  }

  @Override
  public void take(TrainingBatch batch) {
    java.util.Arrays.fill(hard, 0f);
    java.util.Arrays.fill(soft, 0f);
    double own = batch.share();
    for (int i = 0; i < batch.size(); i++) {
      add(i, batch.examples()[i], own);
      if (own < 1) {
        add(i, batch.partners()[i], 1 - own);
      }
    }
  }

  private void add(int row, int example, double share) {
    if (example < set.labelled()) {
      int label = set.examples().labels()[example];
      double weight = share * shares[label] * distillation.map(d -> 1 - d.alpha()).orElse(1.0);
      for (int c = 0; c < classes; c++) {
        double target = smoothing / classes + (c == label ? 1 - smoothing : 0);
        hard[row * classes + c] += (float) (weight * target);
      }
    }
    if (taught != null) {
      for (int c = 0; c < classes; c++) {
        soft[row * classes + c] += (float) (share * taught[example * classes + c]);
      }
    }
  }

  /** The targets taken from labels, batch x classes; a row sums to what its example counts. */
  float[] hard() {
    return hard;
  }

  /** The loss is as {@link Distillation} defines it. */
  @Override
  public double loss(float[] logits, float[] gradient) {
    java.util.Arrays.fill(gradient, 0f);
    double loss = SoftmaxCrossEntropy.add(logits, hard, classes, 1, 1, gradient);
    if (distillation.isPresent()) {
      double temperature = distillation.get().temperature();
      double scale = distillation.get().alpha() * temperature * temperature;
      loss += SoftmaxCrossEntropy.add(logits, soft, classes, temperature, scale, gradient);
    }
    return loss;
  }
}
