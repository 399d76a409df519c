package io.skyline.worker.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** What a slot needs of its worker while a task runs. */
public interface Host {
  /**
   * Hears how far the task is.
   *
   * @param stage what it does now: "train", "compress", "score"; "measure", "export"
   * @param fraction of the whole task, 0..1
   */
  void progress(String stage, double fraction);

  /**
   * Writes an artifact to a file; the child checks its digest.
   *
   * @param wanted false once nobody waits for it any more
   * @throws IOException if it cannot be had; the message says why
   */
  void fetch(String digest, Path target, BooleanSupplier wanted) throws IOException;
}
