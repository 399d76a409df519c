package io.skyline.worker.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skyline.recipe.ClassWeights;
import io.skyline.recipe.Distillation;
import io.skyline.recipe.EarlyStopping;
import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The plan of a training as {@code card.json} tells it: what is off is left out. */
final class TrainingText {
  private TrainingText() {}

  /**
   * The plan that {@link #write} wrote, without its teachers.
   *
   * @return empty if it is none
   */
  static Optional<TrainingPlan> read(JsonNode node) {
    try {
      return Optional.of(
          new TrainingPlan(
              node.path("epochs").asInt(-1),
              node.path("batch").asInt(),
              TrainingPlan.Optimizer.of(node.path("optimizer").asText()),
              schedule(node),
              new Regularization(
                  node.path("weight_decay").asDouble(),
                  node.path("label_smoothing").asDouble(),
                  node.path("gradient_clip").asDouble(),
                  node.path("averaging").asDouble(),
                  node.path("group_lasso").asDouble()),
              new Augmentation(
                  node.path("flip").asBoolean(),
                  node.path("shift").asInt(),
                  node.path("rotation").asDouble(),
                  node.path("cutout").asInt(),
                  node.path("mixup").asDouble()),
              classWeights(node.path("class_weights")),
              earlyStopping(node.path("early_stopping")),
              Optional.empty()));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // of an older build, or no plan at all
    }
  }

  private static Schedule schedule(JsonNode node) {
    List<Double> drops = new ArrayList<>();
    node.path("drops").forEach(drop -> drops.add(drop.asDouble()));
    return new Schedule(
        Schedule.Shape.of(node.path("schedule").asText()),
        node.path("learning_rate").asDouble(),
        node.path("warmup_epochs").asDouble(),
        drops.isEmpty() ? Schedule.USUAL_DROPS : drops,
        node.path("drop_factor").asDouble(Schedule.USUAL_FACTOR));
  }

  private static ClassWeights classWeights(JsonNode node) {
    if (node.isArray()) {
      List<Double> weights = new ArrayList<>();
      node.forEach(weight -> weights.add(weight.asDouble()));
      return new ClassWeights.Given(weights);
    }
    return node.isTextual() ? new ClassWeights.Balanced() : new ClassWeights.Equal();
  }

  private static Optional<EarlyStopping> earlyStopping(JsonNode node) {
    return node.isObject()
        ? Optional.of(
            new EarlyStopping(node.path("share").asDouble(), node.path("patience").asInt()))
        : Optional.empty();
  }

  static void write(ObjectNode node, TrainingPlan plan) {
    node.put("epochs", plan.epochs());
    node.put("batch", plan.batch());
    node.put("optimizer", plan.optimizer().word());
    write(node, plan.schedule());
    write(node, plan.regularization());
    write(node, plan.augmentation());
    if (plan.classWeights() instanceof ClassWeights.Given given) {
      ArrayNode weights = node.putArray("class_weights");
      given.weights().forEach(weights::add);
    } else if (plan.classWeights() instanceof ClassWeights.Balanced) {
      node.put("class_weights", "balanced");
    }
    plan.earlyStopping().ifPresent(early -> write(node.putObject("early_stopping"), early));
    plan.distillation().ifPresent(d -> write(node.putObject("distillation"), d));
  }

  private static void write(ObjectNode node, Schedule schedule) {
    node.put("schedule", schedule.shape().word());
    node.put("learning_rate", schedule.peak());
    if (schedule.shape() != Schedule.Shape.ONE_CYCLE) {
      node.put("warmup_epochs", schedule.warmupEpochs());
    }
    if (schedule.shape() == Schedule.Shape.STEP) {
      ArrayNode drops = node.putArray("drops");
      schedule.drops().forEach(drops::add);
      node.put("drop_factor", schedule.dropFactor());
    }
  }

  private static void write(ObjectNode node, Regularization regularization) {
    node.put("weight_decay", regularization.weightDecay());
    node.put("label_smoothing", regularization.labelSmoothing());
    putPositive(node, "gradient_clip", regularization.clipNorm());
    putPositive(node, "averaging", regularization.averaging());
    putPositive(node, "group_lasso", regularization.groupLasso());
  }

  private static void write(ObjectNode node, Augmentation augmentation) {
    node.put("flip", augmentation.flip());
    node.put("shift", augmentation.shift());
    putPositive(node, "rotation", augmentation.rotation());
    if (augmentation.cutout() > 0) {
      node.put("cutout", augmentation.cutout());
    }
    putPositive(node, "mixup", augmentation.mixup());
  }

  private static void putPositive(ObjectNode node, String key, double value) {
    if (value > 0) {
      node.put(key, value);
    }
  }

  private static void write(ObjectNode node, EarlyStopping early) {
    node.put("share", early.share());
    node.put("patience", early.patience());
  }

  private static void write(ObjectNode node, Distillation distillation) {
    node.put("temperature", distillation.temperature());
    node.put("alpha", distillation.alpha());
    ArrayNode teachers = node.putArray("teachers");
    distillation.teachers().forEach(teacher -> teachers.add(teacher.digest()));
    node.put("teacher_sees", distillation.seen().word());
  }
}
