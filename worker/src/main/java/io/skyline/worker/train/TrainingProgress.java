package io.skyline.worker.train;

/** Hears of every batch of a training, and may end it. */
@FunctionalInterface
public interface TrainingProgress {
  /** Trains to the end in silence. */
  TrainingProgress SILENT = (epoch, epochs, batch, batches, loss) -> true;

  /**
   * Called after each batch.
   *
   * @param epoch from 0
   * @param epochs of the plan
   * @param batch from 0, within the epoch
   * @param batches an epoch has
   * @param loss mean over the batch
   * @return false to cancel
   */
  boolean afterBatch(int epoch, int epochs, int batch, int batches, double loss);
}
