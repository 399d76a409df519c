package io.skyline.worker.score;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets one process of this user and machine measure while all others that compute pause between two
 * batches.
 *
 * <p>The measurer holds byte 0 of a file exclusively; whoever computes takes and releases a shared
 * lock on it, microseconds if nobody measures. The system releases the locks of a process that
 * dies. Within one process, which the system does not lock against itself, a Java lock does the
 * same.
 */
public final class MeasurementLock {
  private static final Map<Path, MeasurementLock> LOCKS = new ConcurrentHashMap<>();

  private final Path file;
  // fair: a measurer must not starve behind a trainer that comes back every batch
  private final ReentrantLock process = new ReentrantLock(true);
  private @Nullable FileChannel channel;

  private MeasurementLock(Path file) {
    this.file = file;
  }

  /**
   * The lock of a file, which is created if it is missing; the same object for the same file, since
   * a second channel's closing would drop the first one's locks.
   */
  public static MeasurementLock at(Path file) {
    try {
      Path absolute = file.toAbsolutePath();
      Path folder = absolute.getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      create(absolute);
      return LOCKS.computeIfAbsent(absolute.toRealPath(), MeasurementLock::new);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create the measurement lock " + file, e);
    }
  }

  /** Only if it is missing: closing a channel to it would drop a lock that this process holds. */
  private static void create(Path file) throws IOException {
    if (Files.notExists(file)) {
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException e) {
        return; // another process was faster
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  /**
   * Returns once nobody measures; at once for the thread that measures. To be called between
   * batches. An interrupted thread does not wait and stays interrupted.
   */
  public void pauseWhileMeasuring() {
    if (process.isHeldByCurrentThread()) {
      return;
    }
    process.lock();
    try {
      acquire(true).release();
    } catch (FileLockInterruptionException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw failed(e);
    } finally {
      process.unlock();
    }
  }

  /**
   * Takes a measurement while everybody else pauses, those in the middle of a batch excepted.
   *
   * @throws IllegalStateException if the thread is interrupted while it waits
   */
  public <T> T whileOthersPause(Supplier<T> measurement) {
    if (process.isHeldByCurrentThread()) {
      return measurement.get();
    }
    process.lock();
    try {
      FileLock lock = acquire(false);
      try {
        return measurement.get();
      } finally {
        lock.release();
      }
    } catch (FileLockInterruptionException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting to measure", e);
    } catch (IOException e) {
      throw failed(e);
    } finally {
      process.unlock();
    }
  }

  /** Held under {@link #process}, so that no two locks of this process ever overlap. */
  private FileLock acquire(boolean shared) throws IOException {
    FileChannel open = channel;
    if (open == null || !open.isOpen()) {
      open = open(file);
      channel = open;
    }
    FileLock free = open.tryLock(0, 1, shared);
    return free != null ? free : open.lock(0, 1, shared);
  }

  private UncheckedIOException failed(IOException e) {
    String what = e instanceof ClosedChannelException ? " was closed" : " failed";
    return new UncheckedIOException("the measurement lock " + file + what, e);
  }
}
