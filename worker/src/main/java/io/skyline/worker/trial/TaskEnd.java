package io.skyline.worker.trial;

/** How a slot was done with a task. */
public sealed interface TaskEnd {
  /** With numbers; each artifact lies in the task's folder under its name. */
  record Scored(io.skyline.v1.Scored result) implements TaskEnd {}

  /** Without. */
  record Failed(io.skyline.v1.Failed result) implements TaskEnd {}

  /** It was no longer wanted. */
  record Cancelled() implements TaskEnd {}
}
