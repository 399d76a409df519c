package io.skyline.coordinator.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker processes of a laptop: one a slot, started from the distribution as {@code skyline
 * worker} would be on a cluster, started again when they die, and gone when this process is: each
 * exits when the pipe to its standard input closes.
 */
final class LocalWorkers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LocalWorkers.class);
  private static final long FIRST_RESPAWN_MILLIS = 500;
  private static final long LAST_RESPAWN_MILLIS = 30_000;
  private static final long HEALTHY_MILLIS = 60_000;
  private static final long GRACE_SECONDS = 5;

  private final List<String> command;
  private final Path logs;
  private final ScheduledExecutorService respawns;
  private final List<@Nullable Process> processes = new ArrayList<>();
  private boolean closed;

  /**
   * Starts them.
   *
   * @param home the distribution
   * @param address host:port of the coordinator
   * @param count how many
   * @param logs folder of {@code worker-N.log}
   * @throws IOException if the first cannot be started
   */
  LocalWorkers(Path home, String address, int count, Path logs) throws IOException {
    this.command =
        List.of(
            home.resolve("bin/skyline").toString(),
            "worker",
            "--join",
            address,
            "--slots",
            "1",
            "--parent-pipe");
    this.logs = Files.createDirectories(logs);
    ScheduledThreadPoolExecutor executor =
        new ScheduledThreadPoolExecutor(
            1,
            runnable -> {
              Thread thread = new Thread(runnable, "worker-respawn");
              thread.setDaemon(true);
              return thread;
            });
    executor.setRemoveOnCancelPolicy(true);
    this.respawns = executor;
    for (int i = 0; i < count; i++) {
      processes.add(null);
    }
    for (int i = 0; i < count; i++) {
      start(i, FIRST_RESPAWN_MILLIS);
    }
  }

  /**
   * The distribution that this process was started from.
   *
   * @throws CommandFailedException if it was started in another way
   */
  static Path home() {
    String home = System.getProperty("skyline.home");
    if (home == null) {
      throw new CommandFailedException(
          "cannot tell where the distribution is; start Skyline with bin/skyline");
    }
    return Path.of(home);
  }

  private synchronized void start(int index, long backoffMillis) throws IOException {
    if (closed) {
      return;
    }
    File log = logs.resolve("worker-" + (index + 1) + ".log").toFile();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .redirectError(ProcessBuilder.Redirect.appendTo(log))
            .start();
    processes.set(index, process);
    long startedAt = System.nanoTime();
    process.onExit().thenAccept(dead -> onExit(index, dead, startedAt, backoffMillis));
  }

  private synchronized void onExit(int index, Process process, long startedAt, long backoffMillis) {
    if (closed) {
      return;
    }
    LOG.warn("worker {} ended with code {}; starting it again", index + 1, process.exitValue());
    boolean wasHealthy =
        System.nanoTime() - startedAt > TimeUnit.MILLISECONDS.toNanos(HEALTHY_MILLIS);
    long delay = wasHealthy ? FIRST_RESPAWN_MILLIS : backoffMillis;
    long next = Math.min(LAST_RESPAWN_MILLIS, 2 * delay);
    respawnAfter(index, delay, next);
  }

  private synchronized void respawnAfter(int index, long delayMillis, long backoffMillis) {
    if (!closed) {
      var unused =
          respawns.schedule(
              () -> respawn(index, backoffMillis), delayMillis, TimeUnit.MILLISECONDS);
    }
  }

  private void respawn(int index, long backoffMillis) {
    try {
      start(index, backoffMillis);
    } catch (IOException e) {
      LOG.error("worker {} cannot be started, trying again: {}", index + 1, e.toString());
      respawnAfter(index, LAST_RESPAWN_MILLIS, backoffMillis);
    }
  }

  /** Closes the pipes, waits a moment, and ends what is left. */
  @Override
  public void close() {
    List<@Nullable Process> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(processes.stream().filter(p -> p != null).toList());
    }
    respawns.shutdownNow();
    for (Process process : left) {
      try {
        process.getOutputStream().close();
      } catch (IOException e) {
        LOG.debug("worker {} had closed its pipe", process.pid());
      }
    }
    for (Process process : left) {
      try {
        if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
