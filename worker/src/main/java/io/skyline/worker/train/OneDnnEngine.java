package io.skyline.worker.train;

import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.worker.data.Batches;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.TrainingBatch;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The engine over oneDNN primitives: blocked layouts inside, one thread, bit-repeatable.
 *
 * <p>Needs the environment variable {@code OMP_NUM_THREADS=1}; {@code ONEDNN_MAX_CPU_ISA} names the
 * instruction set, AVX2 without it.
 */
public final class OneDnnEngine implements Engine {
  private static final int PREDICTION_BATCH = 64;

  @Override
  public Network train(
      Network network,
      TrainingPlan plan,
      TrainingSet training,
      WeightRule rule,
      long seed,
      TrainingProgress progress) {
    if (plan.epochs() == 0) {
      return network;
    }
    Epochs epochs = new Epochs(this, network, plan, training, seed, progress);
    try (Graph graph = new Graph(network, epochs.batch(), true, seed)) {
      BatchLoss loss = BatchLoss.of(plan, epochs.training(), network, epochs.batch());
      return epochs.run(new Trainer(graph, rule, plan, loss, epochs.perEpoch()));
    }
  }

  @Override
  public TrainedPart trainPart(
      Network network,
      TrainingPlan plan,
      TrainingSet training,
      long seed,
      TrainingProgress progress,
      Optional<Checkpoint> before,
      int until) {
    requirePausable(network, plan);
    int from = before.map(Checkpoint::epochs).orElse(0);
    if (from >= until || until > plan.epochs()) {
      throw new IllegalArgumentException(
          "epochs %d to %d of %d are no part of a training".formatted(from, until, plan.epochs()));
    }
    Epochs epochs = new Epochs(this, network, plan, training, seed, progress);
    long steps = (long) from * epochs.perEpoch();
    try (Graph graph = new Graph(network, epochs.batch(), true, seed, steps)) {
      BatchLoss loss = BatchLoss.of(plan, epochs.training(), network, epochs.batch());
      Trainer trainer = new Trainer(graph, WeightRule.FREE, plan, loss, epochs.perEpoch());
      before.ifPresent(checkpoint -> trainer.resume(checkpoint.numbers(), steps));
      Network trained = epochs.run(trainer, from, until);
      return new TrainedPart(trained, new Checkpoint(until, trainer.numbers()));
    }
  }

  private static void requirePausable(Network network, TrainingPlan plan) {
    boolean learnsGroups =
        network.architecture().nodes().stream()
            .anyMatch(node -> node.layer() instanceof LearnedGroupConvolution);
    if (learnsGroups || plan.earlyStopping().isPresent()) {
      throw new UnsupportedOperationException(
          "a training that learns groups or stops early cannot pause");
    }
  }

  @Override
  public void gradients(
      Network network, TrainingPlan plan, TrainingSet examples, Consumer<Weights> each) {
    int batch = Math.min(plan.batch(), examples.examples().count());
    Batches batches =
        new Batches(examples.examples(), network.normalization(), Augmentation.NONE, batch, 0);
    try (Graph graph = new Graph(network, batch, true)) {
      BatchLoss loss = BatchLoss.of(plan, examples, network, batch);
      TrainingBatch into = batches.empty();
      float[] logits = new float[graph.logits()];
      float[] byLogit = new float[logits.length];
      batches.shuffle(0);
      for (int index = 0; index < batches.perEpoch(); index++) {
        batches.fill(index, into);
        graph.forward(into.images(), logits);
        loss.take(into);
        loss.loss(logits, byLogit);
        graph.backward(byLogit);
        each.accept(graph.parameters().gradients());
      }
    }
  }

  @Override
  public float[] inputGradients(Network network, Examples examples, int batch) {
    Batches batches = new Batches(examples, network.normalization(), Augmentation.NONE, batch, 0);
    TrainingBatch images = batches.empty();
    batches.shuffle(0);
    batches.fill(0, images);
    try (Graph graph = Graph.withInputGradient(network, batch)) {
      float[] logits = new float[graph.logits()];
      graph.forward(images.images(), logits);
      float[] byLogit = new float[logits.length];
      int last = batch * network.architecture().classes();
      Arrays.fill(byLogit, byLogit.length - last, byLogit.length, 1);
      graph.backward(byLogit);
      return graph.inputGradient();
    }
  }

  @Override
  public float[] predict(Network network, Examples examples) {
    int classes = network.architecture().classes();
    int length = Math.multiplyExact(examples.count(), classes);
    if (examples.count() == 0) {
      return new float[0];
    }
    List<float[]> outputs =
        network.architecture().outputs().stream().map(output -> new float[length]).toList();
    int batch = Math.min(PREDICTION_BATCH, examples.count());
    Batches batches = new Batches(examples, network.normalization(), Augmentation.NONE, batch, 0);
    float[] images = new float[Math.toIntExact(batch * examples.shape().elements())];
    try (Graph graph = new Graph(network, batch, false)) {
      float[] logits = new float[graph.logits()];
      for (int from = 0; from < examples.count(); from += batch) {
        int count = batches.fillInOrder(from, images);
        graph.forward(images, logits);
        for (int i = 0; i < outputs.size(); i++) {
          System.arraycopy(
              logits, i * batch * classes, outputs.get(i), from * classes, count * classes);
        }
      }
    }
    Optional<Normalization.Target> target = network.normalization().target();
    for (float[] output : outputs) {
      if (target.isPresent()) {
        unscale(target.get(), output);
      } else {
        SoftmaxCrossEntropy.probabilities(output, examples.count(), classes, output, 0);
      }
    }
    return network.exits().answers(outputs, classes);
  }

  @Override
  public Network calibrate(Network network, Examples examples, int batch) {
    int size = Math.min(batch, examples.count());
    Batches batches = new Batches(examples, network.normalization(), Augmentation.NONE, size, 0);
    float[] images = new float[Math.toIntExact(size * examples.shape().elements())];
    try (Graph graph = new Graph(network, size, true)) {
      float[] logits = new float[graph.logits()];
      for (int i = 0; i < batches.perEpoch(); i++) {
        graph.statisticsFollow(1f / (i + 1));
        int unused = batches.fillInOrder(i * size, images);
        graph.forward(images, logits);
      }
      return new Network(
          network.architecture(), graph.weights(), network.normalization(), network.exits());
    }
  }

  private static void unscale(Normalization.Target scale, float[] outputs) {
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = scale.raw(outputs[i]);
    }
  }

  /**
   * The (joint) loss of all examples as one batch and its gradients, with the batch's own
   * statistics in normalizations: what a first training step sees.
   */
  public LossAndGradients gradients(Network network, Examples examples, double labelSmoothing) {
    int batch = examples.count();
    int classes = network.architecture().classes();
    Batches batches = new Batches(examples, network.normalization(), Augmentation.NONE, batch, 0);
    float[] images = new float[Math.toIntExact(batch * examples.shape().elements())];
    float[] targets = smoothed(examples, classes, labelSmoothing);
    batches.fillInOrder(0, images);
    try (Graph graph = new Graph(network, batch, true)) {
      float[] logits = new float[graph.logits()];
      float[] byLogit = new float[logits.length];
      graph.forward(images, logits);
      double loss = JointLoss.add(logits, targets, classes, byLogit);
      graph.backward(byLogit);
      return new LossAndGradients(loss, logits, graph.parameters().gradients());
    }
  }

  private static float[] smoothed(Examples examples, int classes, double smoothing) {
    float[] targets = new float[examples.count() * classes];
    Arrays.fill(targets, (float) (smoothing / classes));
    for (int i = 0; i < examples.count(); i++) {
      targets[i * classes + examples.labels()[i]] += (float) (1 - smoothing);
    }
    return targets;
  }

  /**
   * What one forward and backward pass gives.
   *
   * @param loss mean over the batch
   * @param logits batch x classes of each exit, then of the last output
   * @param gradients of the trained tensors, in plain order
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
  public record LossAndGradients(double loss, float[] logits, Weights gradients) {}
}
