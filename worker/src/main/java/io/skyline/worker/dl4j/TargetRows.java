package io.skyline.worker.dl4j;

import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.TrainingBatch;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import java.util.Optional;

/** What a batch's outputs should be, mixed as its images are. */
@FunctionalInterface
interface TargetRows {
  float[][] rows(TrainingBatch batch);

  /** Smoothed labels, or the normalised numbers of a regression. */
  static TargetRows of(TrainingPlan plan, Examples examples, Network network) {
    Optional<Normalization.Target> scale = network.normalization().target();
    if (scale.isPresent()) {
      return batch -> numbers(batch, examples.targets(), scale.get());
    }
    int classes = network.architecture().classes();
    double smoothing = plan.regularization().labelSmoothing();
    return batch -> classes(batch, examples.labels(), classes, smoothing);
  }

  private static float[][] classes(
      TrainingBatch batch, int[] labels, int classes, double smoothing) {
    float[][] rows = new float[batch.size()][classes];
    for (int i = 0; i < rows.length; i++) {
      java.util.Arrays.fill(rows[i], (float) (smoothing / classes));
      double own = batch.share();
      rows[i][labels[batch.examples()[i]]] += (float) ((1 - smoothing) * own);
      rows[i][labels[batch.partners()[i]]] += (float) ((1 - smoothing) * (1 - own));
    }
    return rows;
  }

  private static float[][] numbers(
      TrainingBatch batch, float[] numbers, Normalization.Target scale) {
    float[][] rows = new float[batch.size()][1];
    for (int i = 0; i < rows.length; i++) {
      float own = scale.normalised(numbers[batch.examples()[i]]);
      float other = scale.normalised(numbers[batch.partners()[i]]);
      rows[i][0] = batch.share() * own + (1 - batch.share()) * other;
    }
    return rows;
  }
}
