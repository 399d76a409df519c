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
    String machine = System.getProperty("os.arch") + " " + processorLine();
    int hash =
        Arrays.hashCode(ReferenceModel.onnx()) * 31
            + (machine + " " + runtime() + " " + PROTOCOL).hashCode();
    return String.format(Locale.ROOT, "%08x", hash);
  }

  /** The processor's name; empty where the system does not tell it. */
  public static String processor() {
    String line = processorLine();
    return line.substring(line.indexOf(':') + 1).strip();
  }

  /** The version of ONNX Runtime. */
  public static String runtime() {
    return OnnxRuntime.environment().getVersion();
  }

  /** The processor's name where the system tells it, behind {@code model name} and a colon. */
  private static String processorLine() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines.filter(line -> line.startsWith("model name")).findFirst().orElse("");
    } catch (IOException | UncheckedIOException e) {
      return ""; // not Linux
    }
  }
}
