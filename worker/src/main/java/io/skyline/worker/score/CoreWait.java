package io.skyline.worker.score;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How long one thread has waited for a core while it could have run: what others on the machine
 * took from it, as Linux counts it ({@code schedstat}). Always 0 on systems that do not tell.
 */
final class CoreWait implements AutoCloseable {
  private static final Path FILE = Path.of("/proc/thread-self/schedstat");

  private final @Nullable FileChannel file;
  private final ByteBuffer text = ByteBuffer.allocateDirect(128);

  private CoreWait(@Nullable FileChannel file) {
    this.file = file;
  }

  /** That of the calling thread, whoever asks later. */
  static CoreWait ofThisThread() {
    try {
      return new CoreWait(FileChannel.open(FILE));
    } catch (IOException e) {
      return new CoreWait(null); // not Linux, or a kernel that does not count
    }
  }

  /** Nanoseconds since the thread began; reading takes a microsecond or two. */
  long nanos() {
    if (file == null) {
      return 0;
    }
    try {
      text.clear();
      file.read(text, 0);
      String[] counts = StandardCharsets.US_ASCII.decode(text.flip()).toString().split(" ");
      return counts.length < 2 ? 0 : Long.parseLong(counts[1]);
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw new IllegalStateException("a file of the kernel's could not be closed", e);
      }
    }
  }
}
