package io.skyline.worker.trial;

import io.skyline.v1.Assign;
import io.skyline.v1.RunTask;
import io.skyline.v1.TaskRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;

/** A process with a slot whose child is busy without end: made to be killed. */
public final class OrphanMaker {
  private OrphanMaker() {}

  static Process start(Path temporary) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            OrphanMaker.class.getName(),
            temporary.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The id of the child, told once it works. */
  static long child(Process parent) throws IOException {
    BufferedReader output =
        new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith("child=")) {
        return Long.parseLong(line.substring(6));
      }
    }
    throw new IOException("the process told of no child");
  }

  public static void main(String[] arguments) throws InterruptedException {
    ChildSettings settings =
        new ChildSettings(
            ScriptedChild.class.getName(), Map.of(), 64, 1024, 900, 0, Path.of(arguments[0]));
    Slot slot = new Slot(settings, Executors.newSingleThreadScheduledExecutor());
    RunTask task =
        RunTask.newBuilder()
            .setAssign(Assign.newBuilder().setRef(TaskRef.newBuilder().setTask("endless")))
            .build();
    slot.run(
        task,
        Duration.ofMinutes(2),
        new SilentHost(
            () -> {
              System.out.println("child=" + slot.childPid());
              System.out.flush();
            }));
  }
}
