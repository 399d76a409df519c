package io.skyline.coordinator.sharing;

import io.skyline.coordinator.search.Artifact;
import io.skyline.sharing.SharedLayout;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Merges updates of shared weights on a thread of its own, one after the other. */
public final class WeightMerger implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WeightMerger.class);

  /** A search asks for the next merge when it has the last one; removals come in between. */
  private static final int QUEUE = 8;

  private final SharedWeights weights;
  private final ThreadPoolExecutor thread;

  /**
   * @param weights that no other merger changes
   */
  public WeightMerger(SharedWeights weights) {
    this.weights = weights;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(QUEUE),
            action -> {
              Thread merger = new Thread(action, "shared weights");
              merger.setDaemon(true);
              return merger;
            });
  }

  /** The versions. */
  public SharedWeights weights() {
    return weights;
  }

  /**
   * Merges the update of a step; see {@link SharedWeights#merge}.
   *
   * @param layout asked for on the merger's thread
   * @return the digest of the new version's index; fails if the store does, or the queue is full
   */
  public CompletionStage<String> merge(
      long step, Supplier<SharedLayout> layout, Optional<Artifact> update) {
    return submit(() -> weights.merge(step, layout.get(), update));
  }

  /** Removes versions and a merged update; see {@link SharedWeights#collect}. */
  public void collect(long oldest, Optional<Artifact> update) {
    CompletionStage<Boolean> unused =
        submit(
            () -> {
              try {
                weights.collect(oldest, update);
                return true;
              } catch (IOException e) {
                LOG.warn("old shared weights could not be removed", e);
                return false;
              }
            });
  }

  private <T> CompletionStage<T> submit(Callable<T> action) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      thread.execute(
          () -> {
            try {
              answer.complete(action.call());
            } catch (Exception e) { // whoever asked hears of it
              answer.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  /** Finishes the merge that runs, and no other. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
