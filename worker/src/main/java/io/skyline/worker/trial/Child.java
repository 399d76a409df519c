package io.skyline.worker.trial;

import io.skyline.v1.Fetch;
import io.skyline.v1.Fetched;
import io.skyline.v1.Fingerprint;
import io.skyline.v1.RunTask;
import io.skyline.v1.SlotAnswer;
import io.skyline.v1.SlotCancelled;
import io.skyline.v1.SlotCommand;
import io.skyline.v1.SlotProgress;
import io.skyline.worker.data.ArtifactSource;
import io.skyline.worker.train.TrainingCancelledException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Function;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The inside of a slot's child process: does its parent's tasks, one after the other, until the
 * parent closes the socket.
 *
 * <p>The conversation has a Unix domain socket of its own. Standard output would be garbled by any
 * native library or logger that prints to it, a loopback port would be open to every user of the
 * machine, and an inherited descriptor needs a shell. A socket in a folder that only its owner may
 * enter is private, works on Windows too, and ends for both sides the moment either process dies,
 * by kill -9 as well.
 */
final class Child {
  /** Leaves at once, finishing nothing: the parent is gone. */
  private static final int ORPHANED = 0;

  private final Frames parent;
  private final TaskRunner runner;
  private final BlockingQueue<SlotCommand> commands = new LinkedBlockingQueue<>();
  private final BlockingQueue<Fetched> fetched = new LinkedBlockingQueue<>();
  private volatile boolean cancelled;

  private Child(Frames parent, Function<ArtifactSource, TaskRunner> runner) {
    this.parent = parent;
    this.runner = runner.apply(this::fetch);
  }

  /**
   * Serves the parent that listens at {@code socket}; returns only by ending the process.
   *
   * @param runner made once, with a source of artifacts that asks the parent
   */
  static void serve(Path socket, Function<ArtifactSource, TaskRunner> runner)
      throws IOException, InterruptedException {
    // a Ctrl-C in the terminal reaches the whole group; only the parent decides about this process
    Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
    Signal.handle(new Signal("TERM"), SignalHandler.SIG_IGN);
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    Child child = new Child(new Frames(channel), runner);
    Thread reader = new Thread(child::listen, "parent");
    reader.setDaemon(true);
    reader.start();
    child.work();
  }

  /** Hears the parent even while a task computes, so that neither a cancel nor its death waits. */
  private void listen() {
    try {
      while (true) {
        SlotCommand command = SlotCommand.parseFrom(parent.read());
        if (command.hasCancel()) {
          cancelled = true;
        } else if (command.hasFetched()) {
          fetched.add(command.getFetched());
        } else {
          // a cancel that missed its task must not hit the next one
          cancelled = false;
          commands.add(command);
        }
      }
    } catch (IOException e) {
      // no shutdown hooks: whatever they would tidy, the parent tidies or is no longer there for
      Runtime.getRuntime().halt(ORPHANED);
    }
  }

  private void work() throws IOException, InterruptedException {
    while (true) {
      SlotCommand command = commands.take();
      parent.write(
          switch (command.getCommandCase()) {
            case RUN -> run(command.getRun());
            case FINGERPRINT ->
                SlotAnswer.newBuilder()
                    .setFingerprint(Fingerprint.newBuilder().setDigest(runner.fingerprint()))
                    .build();
            default -> throw new IOException("unknown command " + command.getCommandCase());
          });
    }
  }

  private SlotAnswer run(RunTask task) {
    try {
      return SlotAnswer.newBuilder().setScored(runner.run(task, monitor())).build();
    } catch (TaskCancelledException | TrainingCancelledException e) {
      return SlotAnswer.newBuilder().setCancelled(SlotCancelled.getDefaultInstance()).build();
    } catch (Throwable e) { // whatever a task throws is its outcome, errors of native code included
      return SlotAnswer.newBuilder().setFailed(Failures.classify(e)).build();
    }
  }

  private void fetch(String digest, Path target) throws IOException {
    parent.write(
        SlotAnswer.newBuilder()
            .setFetch(Fetch.newBuilder().setDigest(digest).setPath(target.toString()))
            .build());
    try {
      String error = fetched.take().getError();
      if (!error.isEmpty()) {
        throw new IOException(error);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for artifact " + digest, e);
    }
  }

  private TaskMonitor monitor() {
    return new TaskMonitor() {
      private String lastStage = "";
      private int lastPercent = -1;

      @Override
      public void progress(String stage, double fraction) {
        int percent = (int) (100 * fraction);
        if (percent == lastPercent && stage.equals(lastStage)) {
          return;
        }
        lastPercent = percent;
        lastStage = stage;
        try {
          parent.write(
              SlotAnswer.newBuilder()
                  .setProgress(SlotProgress.newBuilder().setStage(stage).setFraction(fraction))
                  .build());
        } catch (IOException e) {
          Runtime.getRuntime().halt(ORPHANED);
        }
      }

      @Override
      public boolean cancelled() {
        return cancelled;
      }
    };
  }
}
