package io.skyline.coordinator.rpc;

import io.skyline.coordinator.actor.Resumption;
import io.skyline.coordinator.actor.SearchHandle;
import io.skyline.coordinator.actor.SearchPlan;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.journal.JournalDatabase;
import io.skyline.coordinator.journal.JournalReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** A coordinator in a JVM of its own, to be killed: begins the search of a folder or resumes it. */
final class CoordinatorProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;

  private CoordinatorProcess(Process process) {
    this.process = process;
    this.output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static SearchPlan plan(int trials) {
    return TinySearch.plan("tiny-1", trials, OptionalInt.of(5), "onednn");
  }

  /** Starts a JVM and waits until its coordinator listens. */
  static CoordinatorProcess start(Path folder, int port, int trials) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CoordinatorProcess.class.getName(),
                folder.toString(),
                Integer.toString(port),
                Integer.toString(trials))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    CoordinatorProcess coordinator = new CoordinatorProcess(process);
    coordinator.await("listening");
    return coordinator;
  }

  void await(String word) throws IOException {
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.equals(word)) {
        return;
      }
    }
    throw new IOException("the coordinator ended before it was " + word);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL: nothing in the process runs after this. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  @Override
  public void close() throws Exception {
    kill();
  }

  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    SearchPlan plan = plan(Integer.parseInt(args[2]));
    Path run = folder.resolve(plan.name());
    try (ArtifactStore store = ArtifactStore.open(folder.resolve("artifacts"), 1 << 24);
        CoordinatorServer server =
            CoordinatorServer.open(
                TestServer.settings(Integer.parseInt(args[1])),
                store,
                coordination -> new NoControl())) {
      boolean begun = JournalDatabase.exists(run) && !events(run).isEmpty();
      SearchHandle search =
          begun
              ? server.coordination().resume(plan, run, Resumption.SAME_WORKERS)
              : server.coordination().begin(plan, run);
      server.listen();
      System.out.println("listening");
      search.completion().get();
      System.out.println("done");
    }
  }

  private static List<?> events(Path run) throws Exception {
    return JournalReader.read(run);
  }
}
