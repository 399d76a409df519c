package io.skyline.worker.trial;

import io.skyline.scorecard.FailureKind;
import io.skyline.v1.Measurement;
import io.skyline.v1.RunTask;
import io.skyline.v1.Scorecard;
import io.skyline.v1.Scored;
import io.skyline.worker.data.ArtifactSource;
import io.skyline.worker.train.DivergedException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A real child process whose tasks do what their name says instead of training. */
public final class ScriptedChild implements TaskRunner {
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  private final ArtifactSource source;

  private ScriptedChild(ArtifactSource source) {
    this.source = source;
  }

  public static void main(String[] arguments) throws Exception {
    Child.serve(Path.of(arguments[0]), ScriptedChild::new);
  }

  @Override
  public Scored run(RunTask task, TaskMonitor monitor) throws Exception {
    monitor.progress("train", 0.5);
    Path folder = Path.of(task.getFolder());
    switch (task.getAssign().getRef().getTask()) {
      case "endless" -> NEVER.await();
      case "patient" -> {
        while (!NEVER.await(5, TimeUnit.MILLISECONDS)) {
          monitor.check();
        }
      }
      case "slow" -> NEVER.await(2, TimeUnit.SECONDS);
      case "checks" -> monitor.check();
      case "noisy" -> shout();
      case "exit" -> System.exit(7);
      case "heap" -> fillHeap();
      case "native" -> throw new RuntimeException("std::bad_alloc");
      case "diverge" -> throw new DivergedException("the loss is NaN in epoch 2");
      case "bad" -> throw new TaskFailedException(FailureKind.BAD_ARTIFACT, "not its digest");
      case "bug" -> throw new IllegalStateException("impossible", new IOException("disk on fire"));
      case "endless download" -> source.fetch("endless", folder.resolve("fetched"));
      case "fetch" -> source.fetch("d1gest", folder.resolve("fetched"));
      case "store" -> {
        return Scored.newBuilder()
            .addArtifacts(Artifacts.write(folder, "model.onnx", new byte[1 << 20]))
            .addArtifacts(Artifacts.write(folder, "empty.txt", new byte[0]))
            .build();
      }
      case "write" -> Files.writeString(folder.resolve("greeting.txt"), "hello from the child");
      default -> {}
    }
    return Scored.newBuilder()
        .setScorecard(
            Scorecard.newBuilder()
                .addMeasurements(
                    Measurement.newBuilder()
                        .setMetric("train_seconds")
                        .setValue(ProcessHandle.current().pid())))
        .build();
  }

  /** Writes to file descriptor 1 as natives do, and to the Java streams. */
  private static void shout() throws IOException {
    try (FileOutputStream raw = new FileOutputStream("/proc/self/fd/1")) {
      raw.write("native library says hello\n".getBytes(StandardCharsets.UTF_8));
    }
    System.out.println("so does Java");
    System.err.println("twice");
  }

  private static void fillHeap() {
    List<long[]> hoard = new ArrayList<>();
    while (true) {
      hoard.add(new long[1 << 20]);
    }
  }

  @Override
  public String fingerprint() {
    return "scripted";
  }
}
