package io.skyline.worker.trial;

import java.io.IOException;
import java.nio.file.Path;

/** What a slot's child process runs. */
public final class ChildMain {
  private ChildMain() {}

  /**
   * Serves a parent until it is gone.
   *
   * @param arguments the parent's socket
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Child.serve(Path.of(arguments[0]), TrialRunner::new);
  }
}
