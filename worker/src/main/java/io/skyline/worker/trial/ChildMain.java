package io.skyline.worker.trial;

import java.io.IOException;
import java.nio.file.Path;

/** What a slot's child process runs. */
public final class ChildMain {
  private ChildMain() {}

  /**
   * @param arguments the socket of the parent
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Child.serve(Path.of(arguments[0]), TrialRunner::new);
  }
}
