package io.skyline.worker.train;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Trains networks and runs them; every implementation is single-threaded, seeded and repeatable.
 *
 * <p>An engine holds no state between calls; native memory is released before a call returns.
 */
public interface Engine {
  /**
   * Fresh weights: kernels normal with variance 2 / fan-in (He et al. 2015), biases and shifts 0,
   * scales 1, running means 0 and variances 1; the same for a seed on every engine.
   */
  default Weights initialize(Architecture architecture, long seed) {
    return Initialization.draw(architecture, seed);
  }

  /**
   * Trains from the given weights, which are not changed.
   *
   * @param network architecture, starting weights, normalisation
   * @param plan epochs, optimizer, schedule, augmentation; zero epochs return the network unchanged
   * @param training examples, shuffled anew each epoch from the seed, and what teachers say of them
   * @param rule that holds of the weights after every step, and of what is returned
   * @param seed of shuffling and augmentation
   * @param progress called after every batch
   * @return the trained network, running statistics included
   * @throws DivergedException if the loss or a weight is no longer finite
   * @throws TrainingCancelledException if progress asked to stop
   */
  Network train(
      Network network,
      TrainingPlan plan,
      TrainingSet training,
      WeightRule rule,
      long seed,
      TrainingProgress progress);

  /**
   * Trains for some of the plan's epochs: the parts of a training give together what the whole
   * gives, bit by bit.
   *
   * @param network architecture and starting weights of the whole training
   * @param before what the part before gave; empty for the first part
   * @param until how many of the plan's epochs are trained after this part
   * @throws IllegalArgumentException if the checkpoint is not of this training
   * @throws UnsupportedOperationException if the engine, the plan or the network cannot pause
   */
  default TrainedPart trainPart(
      Network network,
      TrainingPlan plan,
      TrainingSet training,
      long seed,
      TrainingProgress progress,
      Optional<Checkpoint> before,
      int until) {
    throw new UnsupportedOperationException("this engine cannot pause a training");
  }

  /**
   * A training in the middle.
   *
   * @param network as it would be if the training ended here
   * @param checkpoint to go on from
   */
  record TrainedPart(Network network, Checkpoint checkpoint) {}

  /** Trains weights that go where their gradients lead. */
  default Network train(
      Network network,
      TrainingPlan plan,
      TrainingSet training,
      long seed,
      TrainingProgress progress) {
    return train(network, plan, training, WeightRule.FREE, seed, progress);
  }

  /** Trains on labelled examples without a teacher. */
  default Network train(
      Network network, TrainingPlan plan, Examples training, long seed, TrainingProgress progress) {
    return train(network, plan, TrainingSet.of(training), seed, progress);
  }

  /**
   * The gradients of the plan's loss, of one batch of the examples after another, shuffled once and
   * not augmented, with each batch's own statistics in normalizations. Examples that fill no batch
   * are left out.
   *
   * @param each takes those of a batch: of the trained tensors, in plain order
   * @throws UnsupportedOperationException if the engine hands out none
   */
  default void gradients(
      Network network, TrainingPlan plan, TrainingSet examples, Consumer<Weights> each) {
    throw new UnsupportedOperationException("this engine hands out no gradients");
  }

  /**
   * The gradients of the sum of the last layer's outputs by each input value, over one batch: the
   * first one of the shuffled examples, not augmented, with its own statistics in normalizations.
   *
   * @param batch examples in it, at most as many as there are
   * @return {@code batch x input}, row-major
   * @throws UnsupportedOperationException if the engine hands out none
   */
  default float[] inputGradients(Network network, Examples examples, int batch) {
    throw new UnsupportedOperationException("this engine hands out no gradients");
  }

  /**
   * Inference with running statistics.
   *
   * @return class probabilities, {@code examples x classes}, row-major; or a number for each
   *     example
   */
  float[] predict(Network network, Examples examples);

  /**
   * The network with the mean and variance of each normalization taken afresh: the means over
   * batches of the examples, in order and as they are, of each batch's mean and unbiased variance.
   * Examples that fill no batch are left out.
   *
   * @param batch examples in one, at most as many as there are
   * @throws UnsupportedOperationException if the engine does not
   */
  default Network calibrate(Network network, Examples examples, int batch) {
    throw new UnsupportedOperationException("this engine takes no statistics afresh");
  }

  /** An untrained network, with weights as {@link #initialize} draws them. */
  default Network fresh(Architecture architecture, Normalization normalization, long seed) {
    return new Network(architecture, initialize(architecture, seed), normalization);
  }
}
