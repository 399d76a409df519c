package io.skyline.coordinator.cli;

import io.skyline.coordinator.results.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * The file {@code live} in a run's folder: while a coordinator has the run, its address, which is
 * how {@code status}, {@code frontier} and {@code cancel} find it. After a crash it is stale:
 * nobody answers there, or somebody who does not know the run.
 */
final class LiveRun implements AutoCloseable {
  private static final String FILE = "live";

  private final Path file;

  private LiveRun(Path file) {
    this.file = file;
  }

  /** Writes the address. */
  static LiveRun announce(RunFolder run, String address) throws IOException {
    Path file = run.path().resolve(FILE);
    Path fresh = run.path().resolve(FILE + ".new");
    Files.writeString(fresh, address + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return new LiveRun(file);
  }

  /** The address under which a run's coordinator was last known to answer. */
  private static Optional<String> address(RunFolder run) throws IOException {
    Path file = run.path().resolve(FILE);
    return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
  }

  /** The coordinator that has the run now, if one answers. */
  static Optional<RemoteCoordinator> coordinator(RunFolder run) throws IOException {
    Optional<String> address = address(run);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    RemoteCoordinator remote = RemoteCoordinator.connect(address.get());
    if (remote.has(run.name())) {
      return Optional.of(remote);
    }
    remote.close();
    return Optional.empty();
  }

  @Override
  public void close() {
    file.toFile().delete();
  }
}
