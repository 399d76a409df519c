package io.skyline.worker.trial;

import io.skyline.recipe.ClassWeights;
import io.skyline.recipe.Distillation;
import io.skyline.recipe.Distillation.Format;
import io.skyline.recipe.Distillation.Seen;
import io.skyline.recipe.Distillation.Teacher;
import io.skyline.recipe.EarlyStopping;
import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import java.util.Locale;
import java.util.Optional;

/** Training plans as records; what an older coordinator does not say is off. */
final class TrainingPlans {
  private TrainingPlans() {}

  static TrainingPlan of(io.skyline.v1.TrainingPlan message) {
    return new TrainingPlan(
        message.getEpochs(),
        message.getBatch(),
        Optimizer.of(message.getOptimizer()),
        schedule(message),
        new Regularization(
            message.getWeightDecay(),
            message.getLabelSmoothing(),
            message.getGradientClip(),
            message.getAveraging(),
            message.getGroupLasso()),
        new Augmentation(
            message.getFlip(),
            message.getShift(),
            message.getRotation(),
            message.getCutout(),
            message.getMixup()),
        classWeights(message),
        message.hasEarlyStopping()
            ? Optional.of(earlyStopping(message.getEarlyStopping()))
            : Optional.empty(),
        message.hasDistillation()
            ? Optional.of(distillation(message.getDistillation()))
            : Optional.empty());
  }

  private static Schedule schedule(io.skyline.v1.TrainingPlan message) {
    if (message.getSchedule().isEmpty()) {
      return new Schedule(
          Schedule.Shape.COSINE, message.getLearningRate(), message.getWarmupEpochs());
    }
    return new Schedule(
        Schedule.Shape.of(message.getSchedule()),
        message.getLearningRate(),
        message.getWarmupEpochs(),
        message.getDropsList(),
        message.getDropFactor());
  }

  private static ClassWeights classWeights(io.skyline.v1.TrainingPlan message) {
    if (message.getBalancedClasses()) {
      return new ClassWeights.Balanced();
    }
    return message.getClassWeightsCount() == 0
        ? new ClassWeights.Equal()
        : new ClassWeights.Given(message.getClassWeightsList());
  }

  private static EarlyStopping earlyStopping(io.skyline.v1.EarlyStopping message) {
    return new EarlyStopping(message.getShare(), message.getPatience());
  }

  private static Distillation distillation(io.skyline.v1.Distillation message) {
    return new Distillation(
        message.getTemperature(),
        message.getAlpha(),
        message.getTeachersList().stream()
            .map(
                t ->
                    new Teacher(
                        Format.valueOf(t.getFormat().toUpperCase(Locale.ROOT)),
                        t.getDigest(),
                        t.getBytes()))
            .toList(),
        message.getSeen().isEmpty() ? Seen.ORIGINAL : Seen.of(message.getSeen()));
  }
}
