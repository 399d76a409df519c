package io.skyline.coordinator.wire;

import io.skyline.recipe.ClassWeights;
import io.skyline.recipe.Distillation;
import io.skyline.recipe.TrainingPlan;
import io.skyline.v1.EarlyStopping;
import io.skyline.v1.Teacher;

/** How candidates are trained. */
public final class TrainingPlans {
  private TrainingPlans() {}

  public static io.skyline.v1.TrainingPlan message(TrainingPlan plan) {
    io.skyline.v1.TrainingPlan.Builder message =
        io.skyline.v1.TrainingPlan.newBuilder()
            .setEpochs(plan.epochs())
            .setBatch(plan.batch())
            .setOptimizer(plan.optimizer().word())
            .setLearningRate(plan.schedule().peak())
            .setWarmupEpochs(plan.schedule().warmupEpochs())
            .setSchedule(plan.schedule().shape().word())
            .addAllDrops(plan.schedule().drops())
            .setDropFactor(plan.schedule().dropFactor())
            .setWeightDecay(plan.regularization().weightDecay())
            .setLabelSmoothing(plan.regularization().labelSmoothing())
            .setGradientClip(plan.regularization().clipNorm())
            .setAveraging(plan.regularization().averaging())
            .setGroupLasso(plan.regularization().groupLasso())
            .setFlip(plan.augmentation().flip())
            .setShift(plan.augmentation().shift())
            .setRotation(plan.augmentation().rotation())
            .setCutout(plan.augmentation().cutout())
            .setMixup(plan.augmentation().mixup())
            .setBalancedClasses(plan.classWeights() instanceof ClassWeights.Balanced);
    if (plan.classWeights() instanceof ClassWeights.Given given) {
      message.addAllClassWeights(given.weights());
    }
    plan.earlyStopping()
        .ifPresent(
            early ->
                message.setEarlyStopping(
                    EarlyStopping.newBuilder()
                        .setShare(early.share())
                        .setPatience(early.patience())));
    plan.distillation().ifPresent(d -> message.setDistillation(message(d)));
    return message.build();
  }

  private static io.skyline.v1.Distillation message(Distillation distillation) {
    io.skyline.v1.Distillation.Builder message =
        io.skyline.v1.Distillation.newBuilder()
            .setTemperature(distillation.temperature())
            .setAlpha(distillation.alpha())
            .setSeen(distillation.seen().word());
    for (Distillation.Teacher teacher : distillation.teachers()) {
      message.addTeachers(
          Teacher.newBuilder()
              .setFormat(teacher.format().word())
              .setDigest(teacher.digest())
              .setBytes(teacher.bytes()));
    }
    return message.build();
  }
}
