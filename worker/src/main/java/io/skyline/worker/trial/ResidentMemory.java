package io.skyline.worker.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Physical memory of processes, as Linux tells it. */
final class ResidentMemory {
  private static final long KIB = 1024;

  private ResidentMemory() {}

  /** Bytes that a process holds in memory; 0 if it is gone or the system does not say. */
  static long bytes(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * KIB;
        }
      }
    } catch (IOException e) {
      return 0;
    }
    return 0;
  }
}
