package io.skyline.worker.train;

import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.worker.data.Batches;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.Optional;

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
      Network network, TrainingPlan plan, Examples training, long seed, TrainingProgress progress) {
    if (plan.epochs() == 0) {
      return network;
    }
    if (training.count() == 0) {
      throw new IllegalArgumentException("there are no examples to train on");
    }
    int batch = Math.min(plan.batch(), training.count());
    Batches batches =
        new Batches(training, network.normalization(), plan.augmentation(), batch, seed);
    try (Graph graph = new Graph(network, batch, true)) {
      boolean regression = network.normalization().target().isPresent();
      Trainer trainer = new Trainer(graph, plan, batches.perEpoch(), regression);
      for (int epoch = 0; epoch < plan.epochs(); epoch++) {
        batches.shuffle(epoch);
        for (int index = 0; index < batches.perEpoch(); index++) {
          batches.fill(index, trainer.images(), trainer.labels());
          if (regression) {
            batches.fillTargets(index, trainer.targets());
          }
          double loss = trainer.step();
          if (!progress.afterBatch(epoch, plan.epochs(), index, batches.perEpoch(), loss)) {
            throw new TrainingCancelledException(
                "training was cancelled in epoch " + (epoch + 1) + " of " + plan.epochs());
          }
        }
        trainer.requireFinite();
      }
      return new Network(network.architecture(), graph.weights(), network.normalization());
    }
  }

  @Override
  public float[] predict(Network network, Examples examples) {
    int classes = network.architecture().classes();
    float[] probabilities = new float[Math.multiplyExact(examples.count(), classes)];
    if (examples.count() == 0) {
      return probabilities;
    }
    int batch = Math.min(PREDICTION_BATCH, examples.count());
    Batches batches = new Batches(examples, network.normalization(), Augmentation.NONE, batch, 0);
    float[] images = new float[Math.toIntExact(batch * examples.shape().elements())];
    float[] logits = new float[batch * classes];
    Optional<Normalization.Target> target = network.normalization().target();
    try (Graph graph = new Graph(network, batch, false)) {
      for (int from = 0; from < examples.count(); from += batch) {
        int count = batches.fillInOrder(from, images);
        graph.forward(images, logits);
        if (target.isEmpty()) {
          SoftmaxCrossEntropy.probabilities(logits, count, classes, probabilities, from);
          continue;
        }
        for (int i = 0; i < count; i++) {
          probabilities[from + i] = target.get().raw(logits[i]);
        }
      }
    }
    return probabilities;
  }

  /**
   * The loss of all examples as one batch and its gradients, with the batch's own statistics in
   * normalizations: what a first training step sees.
   */
  public LossAndGradients gradients(Network network, Examples examples, double labelSmoothing) {
    int batch = examples.count();
    int classes = network.architecture().classes();
    Batches batches = new Batches(examples, network.normalization(), Augmentation.NONE, batch, 0);
    float[] images = new float[Math.toIntExact(batch * examples.shape().elements())];
    float[] logits = new float[batch * classes];
    float[] byLogit = new float[batch * classes];
    batches.fillInOrder(0, images);
    try (Graph graph = new Graph(network, batch, true)) {
      graph.forward(images, logits);
      double loss =
          SoftmaxCrossEntropy.loss(logits, examples.labels(), classes, labelSmoothing, byLogit);
      graph.backward(byLogit);
      return new LossAndGradients(loss, logits, graph.parameters().gradients());
    }
  }

  /**
   * What one forward and backward pass gives.
   *
   * @param loss mean over the batch
   * @param logits batch x classes
   * @param gradients of the trained tensors, in plain order
   */
  @SuppressWarnings("ArrayRecordComponent") // made for one reader, never compared
  public record LossAndGradients(double loss, float[] logits, Weights gradients) {}
}
