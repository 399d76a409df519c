package io.skyline.worker.trial;

import io.skyline.worker.score.LatencyMeter;
import io.skyline.worker.score.MeasurementLock;
import io.skyline.worker.score.ReferenceTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;

/**
 * The latency meter of a process, made when first needed.
 *
 * <p>The reference model is timed once for a machine and kept in a file, so that every worker and
 * every run on it means the same by a microsecond. The file's name says for which processor and
 * runtime it is, so that a change of either times it again; delete it if it was timed under load.
 */
public final class Latency implements AutoCloseable {
  private static final String FILE = "reference-microseconds";

  private final Path cache;
  private final MeasurementLock lock;
  private @Nullable LatencyMeter meter;

  /**
   * @param cache the folder that this machine's workers share
   */
  public Latency(Path cache) {
    this.cache = cache;
    this.lock = MeasurementLock.at(cache.resolve("measurement.lock"));
  }

  MeasurementLock lock() {
    return lock;
  }

  /** The meter; the first one on a machine takes 2.4 s. */
  public LatencyMeter meter() throws IOException {
    LatencyMeter ready = meter;
    if (ready == null) {
      ready = new LatencyMeter(reference(), lock);
      meter = ready;
    }
    return ready;
  }

  private ReferenceTime reference() throws IOException {
    Path file = cache.resolve(FILE + "-" + ReferenceTime.validity());
    ReferenceTime known = read(file);
    if (known != null) {
      return known;
    }
    ReferenceTime timed = LatencyMeter.calibrate(lock);
    Path written = Files.createTempFile(cache, FILE, ".part");
    try {
      Files.writeString(written, Double.toString(timed.microseconds()));
      // another process may have been faster: then its time is everyone's
      ReferenceTime first = read(file);
      if (first != null) {
        return first;
      }
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      return timed;
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static @Nullable ReferenceTime read(Path file) throws IOException {
    try {
      return new ReferenceTime(Double.parseDouble(Files.readString(file).strip()));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IllegalArgumentException e) {
      return null; // damaged: it is timed and written again
    }
  }

  @Override
  public void close() {
    if (meter != null) {
      meter.close();
    }
  }
}
