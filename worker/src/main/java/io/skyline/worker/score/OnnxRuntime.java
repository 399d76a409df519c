package io.skyline.worker.score;

import ai.onnxruntime.OrtEnvironment;

/**
 * The one environment of ONNX Runtime in this process.
 *
 * <p>Its builds since 1.29 carry a telemetry client, which starts with the environment: it reads
 * the machine's id, keeps a database in the user's cache folder and reports to its maker; and where
 * the command line is long (a class path of 7 KB is enough) its parsing overflows the stack and
 * ends the process. Only an environment variable set before the process starts turns it off, so
 * nothing is loaded without it.
 */
final class OnnxRuntime {
  static final String TELEMETRY_SWITCH = "ORT_DISABLE_TELEMETRY";

  private OnnxRuntime() {}

  /**
   * The environment, loaded on first use.
   *
   * @throws IllegalStateException if this process was started with the telemetry on
   */
  static OrtEnvironment environment() {
    if (!"1".equals(System.getenv(TELEMETRY_SWITCH))) {
      throw new IllegalStateException(
          "ONNX Runtime reports to its maker unless "
              + TELEMETRY_SWITCH
              + "=1 is in the environment; start through bin/skyline, or set it");
    }
    return OrtEnvironment.getEnvironment();
  }
}
