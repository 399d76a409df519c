package io.skyline.worker.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files that appear whole. */
final class WholeFile {
  private WholeFile() {}

  /** All or nothing: a full disk leaves no half file behind. */
  static void write(Path target, byte[] content) throws IOException {
    Path folder = target.getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UnusableFileException(target + ": the folder does not exist");
    }
    // not a temporary file, which its owner alone could read
    Path part =
        folder.resolve(target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
    try {
      Files.write(part, content);
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
