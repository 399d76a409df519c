package io.skyline.worker.score;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * How fast a machine is: the time of the reference model when nothing disturbs it.
 *
 * @param microseconds of one inference
 */
public record ReferenceTime(double microseconds) {
  public ReferenceTime {
    if (!(microseconds > 0 && Double.isFinite(microseconds))) {
      throw new IllegalArgumentException("not a time: " + microseconds + " us");
    }
  }

  /** Changes with how the reference is timed, so that times taken in another way are not used. */
  private static final String PROTOCOL = "windows";

  /**
   * What a kept time is valid for, as part of a file's name: this processor, this ONNX Runtime,
   * this reference model and this way of timing it.
   */
  public static String validity() {
    String machine = System.getProperty("os.arch") + " " + processor();
    String runtime = OnnxRuntime.environment().getVersion();
    int hash =
        Arrays.hashCode(ReferenceModel.onnx()) * 31
            + (machine + " " + runtime + " " + PROTOCOL).hashCode();
    return String.format(Locale.ROOT, "%08x", hash);
  }

  /** The processor's name where the system tells it. */
  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines.filter(line -> line.startsWith("model name")).findFirst().orElse("");
    } catch (IOException | UncheckedIOException e) {
      return ""; // not Linux
    }
  }
}
