package io.skyline.worker.train;

import io.skyline.recipe.EarlyStopping;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Batches;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The epochs of one training, whoever takes the steps: batches in, progress out, and an early end
 * if the plan wants one.
 */
public final class Epochs {
  // the slice and the batches draw from seeds that differ
  private static final long SLICE_SEED = 0x632BE59BD9B4E019L;

  private final Network start;
  private final TrainingPlan plan;
  private final TrainingProgress progress;
  private final TrainingSet training;
  private final Batches batches;
  private final int batch;
  private final @Nullable Vigil vigil;

  /**
   * @param engine that judges the network on a slice of the training data, if the plan stops early
   * @param start architecture and normalisation
   * @param set examples, shuffled anew each epoch from the seed
   * @throws IllegalArgumentException if there is nothing to train on
   */
  public Epochs(
      Engine engine,
      Network start,
      TrainingPlan plan,
      TrainingSet set,
      long seed,
      TrainingProgress progress) {
    this.start = start;
    this.plan = plan;
    this.progress = progress;
    if (plan.earlyStopping().isPresent() && set.labelled() > 1) {
      EarlyStopping stopping = plan.earlyStopping().get();
      int[] order = shuffled(set.labelled(), seed ^ SLICE_SEED);
      int held = Math.max(1, (int) Math.round(stopping.share() * order.length));
      int[] slice = java.util.Arrays.copyOf(order, held);
      this.training = set.pick(rest(order, held, set.examples().count()));
      this.vigil =
          new Vigil(engine, start, set.examples().select(slice), plan, stopping.patience());
    } else {
      this.training = set;
      this.vigil = null;
    }
    if (training.examples().count() == 0) {
      throw new IllegalArgumentException("there are no examples to train on");
    }
    this.batch = Math.min(plan.batch(), training.examples().count());
    this.batches =
        new Batches(training.examples(), start.normalization(), plan.augmentation(), batch, seed);
  }

  private static int[] shuffled(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  /** What is not held back, in its old order, so that the labelled ones stay first. */
  private static int[] rest(int[] order, int held, int count) {
    int[] rest = new int[count - held];
    System.arraycopy(order, held, rest, 0, order.length - held);
    java.util.Arrays.sort(rest, 0, order.length - held);
    for (int i = order.length - held; i < rest.length; i++) {
      rest[i] = held + i;
    }
    return rest;
  }

  /** What is trained on: the set without the slice that is held back. */
  public TrainingSet training() {
    return training;
  }

  /** Examples in a batch. */
  public int batch() {
    return batch;
  }

  /** Batches in an epoch. */
  public int perEpoch() {
    return batches.perEpoch();
  }

  /** Trains from the first epoch to the last. */
  public Network run(Learner learner) {
    return run(learner, 0, plan.epochs());
  }

  /**
   * Trains for a part of the epochs.
   *
   * @param from epochs that the learner has behind it
   * @param until epochs that it then has behind it
   * @return the network as it is after the last epoch, or after the best if the plan stops early
   * @throws DivergedException if the loss or a weight is no longer finite
   * @throws TrainingCancelledException if progress asked to stop
   */
  Network run(Learner learner, int from, int until) {
    var into = batches.empty();
    for (int epoch = from; epoch < until; epoch++) {
      batches.shuffle(epoch);
      for (int index = 0; index < batches.perEpoch(); index++) {
        batches.fill(index, into);
        double loss = learner.step(into);
        if (!progress.afterBatch(epoch, plan.epochs(), index, batches.perEpoch(), loss)) {
          throw new TrainingCancelledException(
              "training was cancelled in epoch " + (epoch + 1) + " of " + plan.epochs());
        }
      }
      learner.requireFinite();
      // weights from before the last condensing stage are not those of the network that ships
      if (vigil != null && learner.isCondensed() && vigil.isOver(learner.weights())) {
        break;
      }
    }
    Weights weights = vigil == null ? learner.weights() : vigil.best();
    return new Network(start.architecture(), weights, start.normalization());
  }
}
