package io.skyline.worker.link;

import io.skyline.v1.Assign;
import io.skyline.v1.RunningTask;
import io.skyline.worker.trial.Host;
import io.skyline.worker.trial.Slot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** A task of this worker from its assignment to its report. */
final class Assignment implements Host {
  private final Assign assign;
  private final Slot slot;
  private final ArtifactTransfer transfer;
  private volatile RunningTask state;
  private volatile boolean cancelled;

  Assignment(Assign assign, Slot slot, ArtifactTransfer transfer) {
    this.assign = assign;
    this.slot = slot;
    this.transfer = transfer;
    this.state = RunningTask.newBuilder().setTask(assign.getRef()).setStage("start").build();
  }

  Assign assign() {
    return assign;
  }

  Slot slot() {
    return slot;
  }

  /** How far it is, as heartbeats tell. */
  RunningTask state() {
    return state;
  }

  void cancel() {
    cancelled = true;
    slot.cancel();
  }

  boolean isCancelled() {
    return cancelled;
  }

  @Override
  public void progress(String stage, double fraction) {
    state = state.toBuilder().setStage(stage).setFraction(fraction).build();
  }

  @Override
  public void fetch(String digest, Path target, BooleanSupplier wanted) throws IOException {
    try {
      transfer.download(digest, target, () -> !cancelled && wanted.getAsBoolean());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the worker is leaving", e);
    }
  }
}
