package io.skyline.worker.trial;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How the child processes of a worker's slots are started, and when they are replaced.
 *
 * @param mainClass what runs in the child; its one argument is the socket to connect to
 * @param properties system properties of the child
 * @param heapMegabytes limit of its Java heap
 * @param residentMegabytes a child that grows beyond this in a task is killed: OUT_OF_MEMORY
 * @param recycleMegabytes a child that holds more than this after a task is replaced
 * @param recycleTasks a child is replaced after this many tasks; 0: never, for either reason
 * @param logs a folder for what dying children write
 */
public record ChildSettings(
    String mainClass,
    Map<String, String> properties,
    int heapMegabytes,
    int residentMegabytes,
    int recycleMegabytes,
    int recycleTasks,
    Path logs) {
  /** What a launcher sets to say where natives lie unpacked; a child must find the same. */
  private static final List<String> INHERITED =
      List.of("skyline.", "org.bytedeco.", "onnxruntime.", "logback.", "java.io.tmpdir");

  public ChildSettings {
    properties = Map.copyOf(properties);
  }

  /**
   * The settings of a worker: a heap of 768 MiB, 3 GiB in all, replaced after 100 tasks.
   *
   * @param cache the folder that this machine's workers share
   */
  public static ChildSettings standard(Path cache) {
    Map<String, String> properties = new TreeMap<>();
    for (String name : System.getProperties().stringPropertyNames()) {
      if (INHERITED.stream().anyMatch(name::startsWith)) {
        properties.put(name, System.getProperty(name));
      }
    }
    properties.put(TrialRunner.CACHE, cache.toString());
    return new ChildSettings(
        ChildMain.class.getName(), properties, 768, 3072, 1536, 100, cache.resolve("logs"));
  }

  /** These settings with another number of tasks before a child is replaced. */
  public ChildSettings withRecycleTasks(int other) {
    return new ChildSettings(
        mainClass, properties, heapMegabytes, residentMegabytes, recycleMegabytes, other, logs);
  }

  boolean recycles() {
    return recycleTasks > 0;
  }

  List<String> command(Path socket) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + heapMegabytes + "m");
    // a task's garbage is small; the default young generation would be a quarter of the process
    command.add("-Xms" + Math.min(64, heapMegabytes) + "m");
    command.add("-Xmn" + Math.min(24, heapMegabytes / 2) + "m");
    command.add("-XX:+AlwaysPreTouch");
    command.add("-XX:+UseSerialGC"); // one slot is one core
    // Java is glue around natives here: C2 took a fifth of a trial besides training for methods
    // that are merely called often; running loops reach it as early as ever
    // (Tier4BackEdgeThreshold)
    command.add("-XX:Tier4InvocationThreshold=20000");
    command.add("-XX:Tier4MinInvocationThreshold=2400");
    command.add("-XX:Tier4CompileThreshold=60000");
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-XX:ErrorFile=" + logs.resolve("child-%p.log"));
    command.add("-Djava.awt.headless=true");
    // JavaCPP's own limits default to the heap's size, which natives exceed by design
    command.add("-Dorg.bytedeco.javacpp.maxbytes=" + residentMegabytes + "m");
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=" + residentMegabytes + "m");
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.add(socket.toString());
    return command;
  }

  /**
   * One thread a slot, and the same instructions on every machine, so that bits repeat; and no
   * telemetry of ONNX Runtime, which only the environment can turn off.
   */
  static void prepare(Map<String, String> environment) {
    environment.put("ORT_DISABLE_TELEMETRY", "1");
    // glibc keeps what large tensors leave unless they are mapped one by one: measured over 200
    // trials, 217 MiB and level instead of 420 MiB and growing
    environment.putIfAbsent("MALLOC_ARENA_MAX", "1");
    environment.putIfAbsent("MALLOC_MMAP_THRESHOLD_", "262144");
    environment.putIfAbsent("MALLOC_TRIM_THRESHOLD_", "262144");
    environment.putIfAbsent("ONEDNN_MAX_CPU_ISA", "AVX2");
    environment.put("OMP_NUM_THREADS", "1");
    environment.put("OPENBLAS_NUM_THREADS", "1");
    environment.put("MKL_NUM_THREADS", "1");
  }
}
