package io.skyline.worker.trial;

import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.Scorecard;
import io.skyline.sharing.VectorFile;
import io.skyline.v1.ArtifactRef;
import io.skyline.v1.Evaluate;
import io.skyline.v1.Scored;
import io.skyline.v1.Share;
import io.skyline.v1.SharedNetwork;
import io.skyline.v1.SharedVector;
import io.skyline.v1.Train;
import io.skyline.worker.data.ArtifactSource;
import io.skyline.worker.data.DataCache;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.MeasurementLock;
import io.skyline.worker.score.Quality;
import io.skyline.worker.sharing.SharedBatches;
import io.skyline.worker.sharing.SharedNet;
import io.skyline.worker.sharing.VectorCache;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.LearningRate;
import io.skyline.worker.train.TrainingSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trains paths on shared weights, and scores candidates with them.
 *
 * <p>A step is an ordinary training of one epoch over its own examples, at the rate that the
 * search's schedule has reached; the optimizer begins anew. A network is scored with statistics of
 * its own (Guo et al. 2020, section 3.1): of training examples as they are.
 *
 * <p>Where no other step changed an operation in between, the next version has exactly what this
 * one makes of it, under a digest that is known here: a worker fetches what others trained.
 */
final class SharedTasks {
  static final String UPDATE = "update";

  private static final long CACHE_BYTES = 64L << 20;
  private static final long TRAINING = 0x632BE59BD9B4E019L;

  private final DataCache data;
  private final Spaces spaces;
  private final Engines engines;
  private final MeasurementLock lock;
  private final VectorCache cache;

  SharedTasks(
      ArtifactSource source, DataCache data, Spaces spaces, Engines engines, MeasurementLock lock) {
    this.data = data;
    this.spaces = spaces;
    this.engines = engines;
    this.lock = lock;
    this.cache = new VectorCache(CACHE_BYTES, source, SharedTasks::verify);
  }

  private static void verify(Path file, String digest) throws IOException {
    try {
      Artifacts.verify(file, digest);
    } catch (TaskFailedException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** A network as a task describes it. */
  private record SharedPath(Plan plan, Engine engine, SharedNet net, Examples training) {}

  Scored share(Share task, Path folder, TaskMonitor monitor) throws IOException {
    monitor.progress("share", 0);
    long before = cache.fetchedBytes();
    SharedPath path = path(task.getNetwork(), folder);
    monitor.check();
    TrainingPlan plan = stepPlan(path.plan().candidate().training(), task);
    int batch = Math.min(plan.batch(), path.training().count());
    long seed = task.getNetwork().getSeed();
    int[] positions =
        new SharedBatches(path.training().count(), batch, task.getBatches(), seed)
            .of(task.getStep());
    Examples mine = path.training().select(positions);
    Network trained =
        path.engine()
            .train(
                path.net().network(),
                plan,
                TrainingSet.of(mine),
                seed ^ TRAINING * task.getStep(),
                new TrainedProgress(monitor, lock, 1));
    monitor.progress("score", TrainedProgress.SHARE);
    Examples known =
        mine.slice(0, Math.min(mine.count(), task.getNetwork().getCalibration() * batch));
    Examples all = data.load(path.plan().data().validation());
    Examples judged =
        all.select(
            SharedBatches.validation(task.getValidation(), all.count(), seed, task.getStep()));
    Scorecard reward = quality(path.engine(), trained, known, batch, judged);
    String label = task.getNetwork().getLabel();
    Map<String, float[]> added = path.net().added(trained);
    path.net()
        .plus(added)
        .forEach((key, sum) -> cache.keep(new VectorFile(label, Map.of(key, sum)).digest(), sum));
    byte[] update = new VectorFile(label + " step " + task.getStep(), added).bytes();
    return scored(reward, before, List.of(Artifacts.write(folder, UPDATE, update)));
  }

  Scored evaluate(Evaluate task, Path folder, TaskMonitor monitor) throws IOException {
    monitor.progress("evaluate", 0);
    long before = cache.fetchedBytes();
    SharedPath path = path(task.getNetwork(), folder);
    monitor.check();
    int batch = Math.min(path.plan().candidate().training().batch(), path.training().count());
    Examples known = path.training().spread(task.getNetwork().getCalibration() * batch);
    Examples judged = data.load(path.plan().data().validation());
    return scored(
        quality(path.engine(), path.net().network(), known, batch, judged), before, List.of());
  }

  private static Scorecard quality(
      Engine engine, Network network, Examples known, int batch, Examples judged) {
    Network calibrated = engine.calibrate(network, known, batch);
    return Quality.of(engine.predict(calibrated, judged), judged);
  }

  private Scored scored(Scorecard scorecard, long before, List<ArtifactRef> artifacts) {
    cache.trim();
    return Scored.newBuilder()
        .setScorecard(Wire.message(scorecard))
        .addAllArtifacts(artifacts)
        .setFetchedBytes(cache.fetchedBytes() - before)
        .build();
  }

  private SharedPath path(SharedNetwork task, Path folder) throws IOException {
    Plan plan =
        Plan.of(
            Train.newBuilder()
                .setSpaceYaml(task.getSpaceYaml())
                .setGenome(task.getGenome())
                .setData(task.getData())
                .setTraining(task.getTraining())
                .build(),
            spaces);
    Map<String, String> digests = new HashMap<>();
    for (SharedVector vector : task.getVectorsList()) {
      digests.put(vector.getKey(), vector.getDigest());
    }
    SharedNet net =
        SharedNet.of(
            plan.candidate().architecture(),
            plan.normalization(),
            task.getSeed(),
            operation -> {
              @Nullable String digest = digests.get(operation.key());
              return digest == null ? null : cache.load(operation.key(), digest, folder);
            });
    return new SharedPath(plan, engines.get(task.getEngine()), net, data.load(plan.data().train()));
  }

  /** One epoch at the rate that a step has in the middle, of the schedule over all steps. */
  private static TrainingPlan stepPlan(TrainingPlan plan, Share task) {
    int batches = task.getBatches();
    double rate =
        LearningRate.of(plan.withEpochs(task.getSteps()), batches)
            .at((task.getStep() - 1L) * batches + batches / 2);
    Regularization kept = plan.regularization();
    return new TrainingPlan(
        1,
        plan.batch(),
        plan.optimizer(),
        new Schedule(Schedule.Shape.STEP, rate, 0, List.of(), 1),
        new Regularization(kept.weightDecay(), kept.labelSmoothing(), kept.clipNorm(), 0),
        plan.augmentation());
  }
}
