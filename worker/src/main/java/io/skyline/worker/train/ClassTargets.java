package io.skyline.worker.train;

import io.skyline.architecture.Shape;
import io.skyline.recipe.Distillation;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.TrainingBatch;
import io.skyline.worker.network.Normalization;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The distributions over classes that a batch's outputs should be, and the cross-entropy. */
final class ClassTargets implements BatchLoss {
  private final TrainingSet set;
  private final Normalization normalization;
  private final int classes;
  private final double smoothing;
  private final double[] shares;
  private final Optional<Distillation> distillation;
  private final float @Nullable [] taught;
  private final float[] raw;
  private final float[] hard;
  private final float[] soft;

  /**
   * @param normalization of the batches' images, which teachers that are present take without it
   */
  ClassTargets(
      TrainingPlan plan, TrainingSet set, Normalization normalization, int classes, int batch) {
    this.set = set;
    this.normalization = normalization;
    this.classes = classes;
    this.smoothing = plan.regularization().labelSmoothing();
    this.shares =
        ClassShares.of(
            plan.classWeights(), Arrays.copyOf(set.examples().labels(), set.labelled()), classes);
    this.distillation = plan.distillation();
    boolean asks = !set.present().isEmpty();
    if (distillation.isPresent() && set.teachers().isEmpty() && !asks) {
      throw new IllegalArgumentException("the plan distils, but no teacher was asked");
    }
    this.taught =
        distillation
            .filter(d -> !asks)
            .map(d -> SoftTargets.of(set.teachers(), classes, d.temperature()))
            .orElse(null);
    int length = Math.toIntExact(set.examples().shape().elements());
    this.raw = new float[asks ? batch * length : 0];
    this.hard = new float[batch * classes];
    this.soft = new float[distillation.isPresent() ? hard.length : 0];
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
    if (distillation.isPresent() && taught == null) {
      ask(batch, distillation.get());
    }
  }

  /** What teachers say of a mixed image is no mixture of what they say of its parts. */
  private void ask(TrainingBatch batch, Distillation distilled) {
    Shape shape = set.examples().shape();
    normalization.undo(batch.images(), shape.height() * shape.width(), raw);
    List<float[]> said =
        set.present().stream().map(t -> t.probabilities(raw, batch.size())).toList();
    float[] softened = SoftTargets.of(said, classes, distilled.temperature());
    double own = batch.share();
    for (int i = 0; i < batch.size(); i++) {
      double weight =
          own * softShare(batch.examples()[i]) + (1 - own) * softShare(batch.partners()[i]);
      for (int c = i * classes; c < (i + 1) * classes; c++) {
        soft[c] = (float) (weight * softened[c]);
      }
    }
  }

  /** The soft loss is all that there is for an example without a label. */
  private double softShare(int example) {
    return example < set.labelled() ? distillation.map(Distillation::alpha).orElse(0.0) : 1;
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
      double weight = share * softShare(example);
      for (int c = 0; c < classes; c++) {
        soft[row * classes + c] += (float) (weight * taught[example * classes + c]);
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
      double scale = temperature * temperature;
      loss += SoftmaxCrossEntropy.add(logits, soft, classes, temperature, scale, gradient);
    }
    return loss;
  }
}
