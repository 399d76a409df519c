package io.skyline.coordinator.wire;

import io.skyline.recipe.TrainingPlan;

/** How candidates are trained. */
public final class TrainingPlans {
  private TrainingPlans() {}

  public static io.skyline.v1.TrainingPlan message(TrainingPlan plan) {
    return io.skyline.v1.TrainingPlan.newBuilder()
        .setEpochs(plan.epochs())
        .setBatch(plan.batch())
        .setOptimizer(plan.optimizer().word())
        .setLearningRate(plan.learningRate())
        .setWarmupEpochs(plan.warmupEpochs())
        .setWeightDecay(plan.weightDecay())
        .setLabelSmoothing(plan.labelSmoothing())
        .setFlip(plan.augmentation().flip())
        .setShift(plan.augmentation().shift())
        .build();
  }
}
