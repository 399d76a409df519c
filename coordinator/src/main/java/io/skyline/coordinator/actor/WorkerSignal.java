package io.skyline.coordinator.actor;

import java.util.List;

/** What a worker says on its session. */
public sealed interface WorkerSignal {
  /** The first word. */
  record Hello(WorkerIdentity worker) implements WorkerSignal {}

  /** So many slots are free now; replaces what was said before. */
  record Demand(int slots) implements WorkerSignal {}

  /** Alive, and at work on these. */
  record Heartbeat(List<Running> running) implements WorkerSignal {
    public Heartbeat {
      running = List.copyOf(running);
    }
  }

  /**
   * A task under way.
   *
   * @param stage such as {@code train}
   * @param fraction of the whole task, 0..1
   */
  record Running(LeaseId lease, String stage, double fraction) {}

  /** The end of an attempt, repeated until acknowledged. */
  record Report(LeaseId lease, TaskResult result) implements WorkerSignal {}

  /** Finishes what it runs, takes nothing new and leaves. */
  record Draining() implements WorkerSignal {}

  /** Returns an assignment unfinished. */
  record GaveBack(LeaseId lease, String reason) implements WorkerSignal {}
}
