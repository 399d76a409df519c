package io.skyline.worker.trial;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skyline.cost.ArenaPlan;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.Build;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.scorecard.Unit;
import io.skyline.v1.Rung;
import io.skyline.v1.Train;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.score.ExitReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * {@code card.json}: where a model comes from and every number that is known about it, with units.
 *
 * <p>{@code scorecard} describes model.onnx and model.sky; {@code exits} how examples of the
 * validation data leave a network early, and how long each way through it took in the trial; {@code
 * float32} the same network before compression, exported and measured on its own; {@code waterfall}
 * the same before and after each step of the recipe; {@code compression} what all of them cost and
 * gained; {@code model_zip} the file for DL4J; {@code trainer} what the engine that trained the
 * network says of the weights that were exported; {@code runtime} the settings of ONNX Runtime that
 * were tried, and the best.
 */
final class Card {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private static final Pattern INT8 = Pattern.compile("quantization\\(int8(-dynamic)?[,)]");

  private static final String WATERFALL = "waterfall";
  private static final String STEP = "step";
  private static final String EXITS = "exits";
  private static final String OUTPUTS = "outputs";
  private static final String THRESHOLD = "threshold";

  private final ObjectNode root;

  private Card(ObjectNode root) {
    this.root = root;
  }

  /** The card of a model that was just trained. */
  static Card of(Plan plan, Scorecard scorecard, List<Before> before) {
    ObjectNode root = JSON.createObjectNode();
    Train task = plan.task();
    root.put("trial", task.getTrial());
    root.put("space", plan.space().decisions().name());
    root.put("genome", task.getGenome());
    root.put("recipe", plan.candidate().recipe().text());
    root.put("seed", task.getSeed());
    root.put("engine", task.getEngine());
    root.put("build", Build.id());
    TrainingText.write(root.putObject("training"), plan.candidate().training());
    DataCardJson.write(root.putObject("data"), plan.data());
    Card card = new Card(root);
    card.put("scorecard", scorecard);
    if (!before.isEmpty()) {
      card.putWaterfall(before, plan.lastStep(), scorecard);
    }
    return card;
  }

  /** The card of a recipe applied to a model that was trained before. */
  static Card of(RecipeApplication done, Scorecard scorecard, List<Before> before) {
    ObjectNode root = JSON.createObjectNode();
    Optional<Card> earlier = done.model().card();
    ObjectNode source = root.putObject("source");
    source.put("file", done.model().zip().toString());
    for (String known : List.of("trial", "space", "genome", "recipe")) {
      earlier
          .filter(card -> card.root.has(known))
          .ifPresent(c -> source.set(known, c.root.get(known)));
    }
    root.put("recipe", done.recipe().text());
    root.put("seed", done.seed());
    root.put("engine", "onednn");
    root.put("build", Build.id());
    TrainingText.write(root.putObject("training"), done.plan());
    root.set("data", done.data().description());
    Card card = new Card(root);
    card.put("scorecard", scorecard);
    card.putWaterfall(before, done.lastStep(), scorecard);
    return card;
  }

  /** How the model was trained, teachers aside, if the card says so. */
  Optional<TrainingPlan> training() {
    return TrainingText.read(root.path("training"));
  }

  /** What it says of the data. */
  JsonNode data() {
    return root.path("data");
  }

  /**
   * Says what a device without a runtime's luxuries needs: flash for the weights as stored, RAM for
   * the activations, and where each of their buffers lies in it.
   */
  void put(ArenaPlan plan, long weightBytes) {
    ArenaJson.write(root.putObject("memory_plan"), plan, weightBytes);
  }

  /** Says how the loss fell: its mean over the batches of each epoch. */
  void put(LossCurve curve) {
    ObjectNode node = root.putObject("loss_by_epoch");
    curve.stages().forEach((stage, losses) -> losses.forEach(node.putArray(stage)::add));
  }

  /**
   * Says how the model scored at each rung of its training, if it paused at any.
   *
   * @param rungs reached before
   * @param epochs of the whole training, whose numbers are the scorecard
   */
  void putRungs(List<Rung> rungs, int epochs, Scorecard scorecard) {
    if (!rungs.isEmpty()) {
      LearningCurveJson.write(root.putArray("learning_curve"), rungs, epochs, scorecard);
    }
  }

  /**
   * Reads a card.
   *
   * @throws TaskFailedException BAD_ARTIFACT, if it is none
   */
  static Card read(Path file) throws IOException, TaskFailedException {
    try {
      if (JSON.readTree(Files.readAllBytes(file)) instanceof ObjectNode root) {
        return new Card(root);
      }
    } catch (JsonProcessingException e) {
      throw bad("is no JSON: " + e.getOriginalMessage());
    }
    throw bad("is no card");
  }

  private static TaskFailedException bad(String what) {
    return new TaskFailedException(FailureKind.BAD_ARTIFACT, "card.json " + what);
  }

  /** Adds which data the test accuracy was taken on. */
  void putTestSplit(DataCard.Split split) {
    DataCardJson.write(root.withObject("/data").putObject("test"), split);
  }

  /**
   * The data that a number was taken on.
   *
   * @param name {@code train}, {@code validation} or {@code test}
   * @param bytes how large the split's file is, which a card does not say
   * @throws TaskFailedException BAD_ARTIFACT, if the card does not name it
   */
  DataCard.Split split(String name, long bytes) throws TaskFailedException {
    return DataCardJson.split(root.path("data").path(name), bytes)
        .orElseThrow(() -> bad("does not say which data its " + name + " split is"));
  }

  /**
   * Says how examples leave a network with exits.
   *
   * @param paths the latency to each open exit and to the end, if they were measured
   */
  void put(Leaving.Exits leaving, List<Measurement> paths) {
    ObjectNode exits = root.putObject(EXITS);
    exits
        .putObject("chosen_on")
        .put("examples", leaving.chosen().examples())
        .put("answered_otherwise", leaving.chosen().otherwise());
    int path = 0;
    for (ExitReport.Output output : leaving.validation().outputs()) {
      ObjectNode node = exits.withArray(OUTPUTS).addObject().put("output", output.name());
      boolean open = output.threshold() <= 1;
      if (!open) {
        node.put("closed", true);
      } else if (output.threshold() > 0) {
        node.put(THRESHOLD, output.threshold());
      }
      node.put("share", output.share());
      node.put("accuracy", output.accuracy());
      node.put("accuracy_of_all", output.accuracyOfAll());
      if (open && path < paths.size()) {
        ScorecardJson.write(node.putObject("latency"), Metric.LATENCY, paths.get(path++));
      }
    }
  }

  /** The thresholds that this card names, and the shares that leave. */
  ExitPolicy exits() {
    List<Float> thresholds = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    JsonNode outputs = root.path(EXITS).path(OUTPUTS);
    for (int i = 0; i < outputs.size() - 1; i++) {
      JsonNode threshold = outputs.get(i).path(THRESHOLD);
      thresholds.add(threshold.isNumber() ? threshold.floatValue() : ExitPolicy.NEVER);
      shares.add(outputs.get(i).path("share").asDouble());
    }
    return new ExitPolicy(thresholds, shares);
  }

  /** Whether the model computes with eight bits. */
  boolean isInt8() {
    return INT8.matcher(root.path("recipe").asText()).find();
  }

  /** Writes numbers under a name. */
  void put(String name, Scorecard scorecard) {
    ScorecardJson.write(root.putObject(name), scorecard);
  }

  /** Says which settings of the runtime were tried: {@link RuntimeJson}. */
  void putRuntime(JsonNode runtime) {
    root.set("runtime", runtime);
  }

  /** What a name's numbers are, as far as this card has them. */
  Scorecard scorecard(String name) {
    return ScorecardJson.read(root.path(name));
  }

  /** Every stage of the recipe but the last, without its model. */
  List<Before> before() {
    List<Before> before = new ArrayList<>();
    JsonNode waterfall = root.path(WATERFALL);
    for (int i = 0; i < waterfall.size() - 1; i++) {
      JsonNode stage = waterfall.get(i);
      before.add(new Before(stage.path(STEP).asText(), new byte[0], ScorecardJson.read(stage)));
    }
    return before;
  }

  /**
   * Says what each step of the recipe left, and what all of them cost and gained: for accuracies
   * the difference in points, for everything else the compressed model's share of the float32
   * model's.
   *
   * @param before every stage but the last, the float32 model first
   * @param lastStep of the recipe
   * @param compressed what it left
   */
  void putWaterfall(List<Before> before, String lastStep, Scorecard compressed) {
    Scorecard float32 = before.get(0).scorecard();
    put("float32", float32);
    ArrayNode waterfall = root.putArray(WATERFALL);
    for (Before stage : before) {
      ScorecardJson.write(waterfall.addObject().put(STEP, stage.step()), stage.scorecard());
    }
    ScorecardJson.write(waterfall.addObject().put(STEP, lastStep), compressed);
    effect(root.putObject("compression").putObject("effect"), compressed, float32);
  }

  private static void effect(ObjectNode effect, Scorecard compressed, Scorecard float32) {
    compressed
        .measurements()
        .forEach(
            (metric, measurement) -> {
              Measurement before = float32.measurements().get(metric);
              if (before == null || metric == Metric.TRAIN_SECONDS) {
                return;
              }
              if (metric.unit() == Unit.FRACTION) {
                effect.put(metric.word() + "_points", 100 * (measurement.value() - before.value()));
              } else if (before.value() > 0) {
                effect.put(metric.word() + "_ratio", measurement.value() / before.value());
              }
            });
  }

  byte[] json() {
    try {
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
