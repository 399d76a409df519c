package io.skyline.worker.trial;

import io.skyline.v1.SlotAnswer;
import io.skyline.v1.SlotCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker's side of one child process: {@link Child} is the other. */
final class ChildProcess implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChildProcess.class);
  private static final int LAST_LINES = 12;

  private final Process process;
  private final Path folder;
  private final ServerSocketChannel door;
  private final Deque<String> lastLines = new ArrayDeque<>();
  private final Thread printer;
  private final CompletableFuture<Frames> connection = new CompletableFuture<>();

  /** Starts a child and returns at once; the first message waits until it is up. */
  static ChildProcess start(ChildSettings settings) throws IOException {
    Files.createDirectories(settings.logs());
    // only its owner may enter a temporary folder, so only this user can connect; short, because
    // a socket's path holds about a hundred characters
    Path folder = Files.createTempDirectory("sky");
    Path socket = folder.resolve("slot");
    ServerSocketChannel door = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      door.bind(UnixDomainSocketAddress.of(socket), 1);
      ProcessBuilder builder = new ProcessBuilder(settings.command(socket));
      ChildSettings.prepare(builder.environment());
      Process process = builder.redirectErrorStream(true).start();
      process.getOutputStream().close();
      return new ChildProcess(process, folder, door);
    } catch (IOException | RuntimeException e) {
      removeSocket(folder, door);
      throw e;
    }
  }

  private ChildProcess(Process process, Path folder, ServerSocketChannel door) {
    this.process = process;
    this.folder = folder;
    this.door = door;
    this.printer = new Thread(this::print, "child-" + process.pid());
    printer.setDaemon(true);
    printer.start();
    Thread porter = new Thread(this::admit, "door-" + process.pid());
    porter.setDaemon(true);
    porter.start();
    // a child that dies before it connects would otherwise be waited for without end
    var unused = process.onExit().thenRun(() -> removeSocket(folder, door));
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * Sends a command.
   *
   * @throws IOException if the child is dead or dying
   */
  void send(SlotCommand command) throws IOException {
    connection().write(command);
  }

  /**
   * The next answer.
   *
   * @throws IOException if the child is dead or dying
   */
  SlotAnswer receive() throws IOException {
    return SlotAnswer.parseFrom(connection().read());
  }

  /** At once and not with the first message: a worker that is killed leaves no socket behind. */
  private void admit() {
    try {
      connection.complete(new Frames(door.accept()));
    } catch (IOException e) {
      connection.completeExceptionally(e);
    } finally {
      removeSocket(folder, door);
    }
  }

  /** Whether the child is up, so that a message does not wait for it. */
  boolean isConnected() {
    return connection.isDone();
  }

  private Frames connection() throws IOException {
    try {
      return connection.join();
    } catch (CompletionException e) {
      throw new IOException("the child died before it connected", e.getCause());
    }
  }

  /** Physical memory of the child in bytes; 0 where the system does not tell. */
  long residentBytes() {
    return ResidentMemory.bytes(process.pid());
  }

  /** Ends it now; its task, if any, is lost. */
  void kill() {
    process.destroyForcibly();
  }

  /** The code with which it ended, if it did so within the time. */
  OptionalInt exitCode(Duration wait) throws InterruptedException {
    if (!process.waitFor(wait.toMillis(), TimeUnit.MILLISECONDS)) {
      return OptionalInt.empty();
    }
    printer.join(wait.toMillis());
    return OptionalInt.of(process.exitValue());
  }

  /** The last lines it printed, each behind a line break. */
  String lastWords() {
    synchronized (lastLines) {
      StringBuilder text = new StringBuilder();
      lastLines.forEach(line -> text.append('\n').append(line));
      return text.toString();
    }
  }

  private void print() {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        LOG.info("child {}: {}", process.pid(), line);
        synchronized (lastLines) {
          if (lastLines.size() == LAST_LINES) {
            lastLines.removeFirst();
          }
          lastLines.addLast(line);
        }
      }
    } catch (IOException e) {
      LOG.debug("what child {} prints can no longer be read", process.pid(), e);
    }
  }

  private static void removeSocket(Path folder, ServerSocketChannel door) {
    try {
      door.close();
      Files.deleteIfExists(folder.resolve("slot"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      LOG.warn("cannot remove {}", folder, e);
    }
  }

  /** Ends the child and the conversation. */
  @Override
  public void close() {
    kill();
    removeSocket(folder, door);
    var unused = connection.thenAccept(this::close);
  }

  private void close(Frames frames) {
    try {
      frames.close();
    } catch (IOException e) {
      LOG.debug("closing the socket of child {}", process.pid(), e);
    }
  }
}
