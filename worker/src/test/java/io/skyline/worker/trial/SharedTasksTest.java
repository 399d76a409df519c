package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.Metric;
import io.skyline.sharing.SharedLayout;
import io.skyline.sharing.SharedOperation;
import io.skyline.sharing.VectorFile;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.v1.Assign;
import io.skyline.v1.Evaluate;
import io.skyline.v1.RunTask;
import io.skyline.v1.Scored;
import io.skyline.v1.Share;
import io.skyline.v1.SharedNetwork;
import io.skyline.v1.SharedVector;
import io.skyline.v1.Train;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.ExportedModel;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import io.skyline.worker.sharing.SharedBatches;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks of shared weights, in this process. */
class SharedTasksTest {
  private static final CandidateSpace SPACE = Catalog.space("cell");
  private static final long SEED = 21;

  @TempDir Path folder;
  private FashionTasks tasks;
  private TrialRunner runner;
  private final List<String> fetched = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    System.setProperty(TrialRunner.CACHE, folder.resolve("cache").toString());
    tasks = new FashionTasks(folder, 512, 200, 10);
    runner =
        new TrialRunner(
            (digest, target) -> {
              fetched.add(digest);
              tasks.fetch(digest, target, () -> true);
            });
  }

  private SharedNetwork.Builder network(long genome) {
    Train train = tasks.train(SPACE, 1).build();
    return SharedNetwork.newBuilder()
        .setSpaceYaml(SPACE.yaml())
        .setGenome(SPACE.decisions().sample(new SplittableRandom(genome)).text())
        .setData(train.getData())
        .setTraining(train.getTraining())
        .setSeed(SEED)
        .setEngine("onednn")
        .setCalibration(2)
        .setLabel("run");
  }

  private static Share.Builder share(int step, SharedNetwork.Builder network) {
    return Share.newBuilder()
        .setStep(step)
        .setSteps(10)
        .setBatches(3)
        .setValidation(50)
        .setNetwork(network);
  }

  private Scored run(Assign.Builder assign) throws Exception {
    RunTask task = tasks.run(assign);
    Scored scored = runner.run(task, new Quiet());
    tasks.keep(task, scored);
    return scored;
  }

  private Map<String, float[]> update(Scored scored) throws Exception {
    String digest = FashionTasks.artifact(scored, SharedTasks.UPDATE).getDigest();
    return VectorFile.read(tasks.artifact(digest)).vectors();
  }

  private static final class Quiet implements TaskMonitor {
    @Override
    public void progress(String stage, double fraction) {}

    @Override
    public boolean cancelled() {
      return false;
    }
  }

  private static SharedLayout layout(SharedNetwork.Builder network) {
    return SharedLayout.of(plan(network).candidate().architecture());
  }

  private static Plan plan(SharedNetwork.Builder network) {
    return Plan.of(
        Train.newBuilder()
            .setSpaceYaml(network.getSpaceYaml())
            .setGenome(network.getGenome())
            .setData(network.getData())
            .setTraining(network.getTraining())
            .build(),
        new Spaces());
  }

  private static Network built(SharedNetwork.Builder network, Map<String, float[]> vectors) {
    Plan plan = plan(network);
    return new Network(
        plan.candidate().architecture(),
        new Weights(layout(network).tensors(vectors)),
        plan.normalization());
  }

  /** Stores vectors as the files of a version. */
  private void store(SharedNetwork.Builder network, Map<String, float[]> vectors) throws Exception {
    for (Map.Entry<String, float[]> vector : vectors.entrySet()) {
      byte[] file = new VectorFile("run", Map.of(vector.getKey(), vector.getValue())).bytes();
      String digest = tasks.put(file);
      network.addVectors(
          SharedVector.newBuilder()
              .setKey(vector.getKey())
              .setDigest(digest)
              .setBytes(file.length));
    }
  }

  /** What operations begin with, and as often what a step added. */
  private static Map<String, float[]> weights(
      SharedLayout layout, Map<String, float[]> added, int times) {
    Map<String, float[]> weights = new LinkedHashMap<>();
    for (SharedOperation operation : layout.operations()) {
      float[] vector = operation.initial(SEED);
      for (int i = 0; times > 0 && i < vector.length; i++) {
        vector[i] += times * added.get(operation.key())[i];
      }
      weights.put(operation.key(), vector);
    }
    return weights;
  }

  @Test
  void aStepIsAnOrdinaryTrainingFromTheSameWeights() throws Exception {
    SharedNetwork.Builder network = network(3);
    SharedLayout layout = layout(network);
    Map<String, float[]> start = weights(layout, Map.of(), 0);

    Map<String, float[]> added = update(run(Assign.newBuilder().setShare(share(4, network))));

    Examples training = tasks.examples(tasks.data().getTrain());
    Examples mine = training.select(new SharedBatches(512, 32, 3, SEED).of(4));
    // the middle of the fourth of ten steps, on a cosine without warm-up
    double rate = 0.005 * (1 + Math.cos(Math.PI * (3 * 3 + 1) / 30));
    TrainingPlan plain = TrainingPlan.standard(1).withBatch(32);
    TrainingPlan plan =
        new TrainingPlan(
            1,
            32,
            plain.optimizer(),
            new Schedule(Schedule.Shape.STEP, rate, 0, List.of(), 1),
            new Regularization(0, 0),
            new TrainingPlan.Augmentation(true, 2));
    Network fresh = built(network, start);
    long seedOfSteps = 0x632BE59BD9B4E019L;
    Network trained =
        new OneDnnEngine()
            .train(
                fresh, plan, TrainingSet.of(mine), SEED ^ seedOfSteps * 4, TrainingProgress.SILENT);
    Map<String, float[]> vectors = layout.vectors(trained.weights().tensors());
    assertThat(added.keySet()).isEqualTo(vectors.keySet());
    vectors.forEach(
        (key, vector) -> {
          float[] begun = start.get(key);
          for (int i = 0; i < vector.length; i++) {
            vector[i] -= begun[i];
          }
          assertThat(added.get(key)).as(key).isEqualTo(vector);
        });
  }

  @Test
  void aStepStartsFromTheVectorsItIsGivenAndFetchesEachOnce() throws Exception {
    SharedNetwork.Builder untouched = network(3);
    Map<String, float[]> first = update(run(Assign.newBuilder().setShare(share(1, untouched))));
    SharedNetwork.Builder given = network(3);
    SharedLayout layout = layout(given);
    store(given, weights(layout, first, 2));
    fetched.clear();

    Scored once = run(Assign.newBuilder().setShare(share(1, given)));
    List<String> fetchedOnce = List.copyOf(fetched);
    Scored again = run(Assign.newBuilder().setShare(share(1, given)));

    assertThat(update(once)).isNotEqualTo(first);
    assertThat(fetchedOnce).hasSize(layout.operations().size()).doesNotHaveDuplicates();
    assertThat(fetched).isEqualTo(fetchedOnce);
    long bytes = given.getVectorsList().stream().mapToLong(SharedVector::getBytes).sum();
    assertThat(once.getFetchedBytes()).isEqualTo(bytes);
    assertThat(again.getFetchedBytes()).isZero();
    assertThat(again.getArtifactsList()).isEqualTo(once.getArtifactsList());
    assertThat(again.getScorecard()).isEqualTo(once.getScorecard());
  }

  @Test
  void whatAStepMadeHereIsNotFetched() throws Exception {
    SharedNetwork.Builder untouched = network(3);
    Map<String, float[]> added = update(run(Assign.newBuilder().setShare(share(1, untouched))));
    SharedNetwork.Builder given = network(3);
    SharedLayout layout = layout(given);
    Map<String, float[]> vectors = weights(layout, added, 1);
    vectors.get(layout.operations().get(1).key())[0] += 1; // another worker's step came in between
    store(given, vectors);
    fetched.clear();

    Scored scored = run(Assign.newBuilder().setShare(share(2, given)));

    assertThat(fetched).containsExactly(given.getVectors(1).getDigest());
    assertThat(scored.getFetchedBytes()).isEqualTo(given.getVectors(1).getBytes());
  }

  @Test
  void stepsTrainTheSharedWeights() throws Exception {
    Map<String, float[]> weights = new HashMap<>();
    double first = 0;
    double last = 0;
    for (int step = 1; step <= 10; step++) {
      SharedNetwork.Builder network = network(3);
      store(network, weights);
      Scored scored = run(Assign.newBuilder().setShare(share(step, network)));
      SharedLayout layout = layout(network);
      Map<String, float[]> added = update(scored);
      for (SharedOperation operation : layout.operations()) {
        float[] vector =
            weights.computeIfAbsent(operation.key(), key -> operation.initial(SEED)).clone();
        for (int i = 0; i < vector.length; i++) {
          vector[i] += added.get(operation.key())[i];
        }
        weights.put(operation.key(), vector);
      }
      last = Wire.scorecard(scored.getScorecard()).value(Metric.ACCURACY).orElseThrow();
      first = step == 1 ? last : first;
    }
    assertThat(last).as("after %s", first).isGreaterThan(0.5).isGreaterThan(first);
  }

  @Test
  void aCandidateIsScoredAsItsExportedModelWouldBe() throws Exception {
    SharedNetwork.Builder network = network(8);
    Map<String, float[]> vectors = new LinkedHashMap<>();
    SharedLayout layout = layout(network);
    for (SharedOperation operation : layout.operations()) {
      vectors.put(operation.key(), operation.initial(SEED + 1));
    }
    store(network, vectors);

    Scored scored = run(Assign.newBuilder().setEvaluate(Evaluate.newBuilder().setNetwork(network)));

    Examples training = tasks.examples(tasks.data().getTrain()).spread(64);
    Network calibrated = new OneDnnEngine().calibrate(built(network, vectors), training, 32);
    ExportedModel model = ExportedModel.of(calibrated, Encoding.FLOAT32);
    Examples validation = tasks.examples(tasks.data().getValidation());
    try (ModelSession session = ModelSession.load(model.onnx())) {
      assertThat(Wire.scorecard(scored.getScorecard()))
          .isEqualTo(Quality.of(session.predict(validation), validation));
    }
    assertThat(scored.getArtifactsList()).isEmpty();
  }

  @Test
  void aVectorThatCannotBeHadFailsTheTask() throws Exception {
    SharedNetwork.Builder network = network(3);
    String key = layout(network).operations().get(0).key();
    network.addVectors(SharedVector.newBuilder().setKey(key).setDigest("0".repeat(64)));

    assertThatThrownBy(() -> run(Assign.newBuilder().setShare(share(1, network))))
        .hasMessageContaining("there is no artifact 000");
  }
}
