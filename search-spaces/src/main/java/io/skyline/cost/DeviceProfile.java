package io.skyline.cost;

import io.skyline.cost.Operator.Kind;
import io.skyline.cost.Operator.Work;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.Map;

/**
 * How fast a device is: what each kind of operator costs on it, measured once, and how wrong
 * latencies predicted from that are. {@link DeviceProfileReader} reads what {@link #yaml} writes.
 *
 * @param origin on what it was measured, and how
 * @param block channels that the runtime computes at once in floats
 * @param error of predictions, found on networks that the costs were not fitted to
 * @param floats costs of operators in float32, in which networks with fp16 weights compute too
 * @param integers costs of operators of int8 networks
 */
public record DeviceProfile(
    Origin origin, int block, Error error, OperatorCosts floats, OperatorCosts integers) {
  /** The format that this build writes and reads. */
  static final int VERSION = 1;

  static final String FORMAT = "device_profile";

  /**
   * Where the numbers come from; for people, nothing is computed from it.
   *
   * @param machine its name
   * @param processor as the system calls it
   * @param runtime with its version
   * @param date day of the measurement, {@code 2026-11-28}
   * @param protocol what was measured
   */
  public record Origin(
      String machine, String processor, String runtime, String date, String protocol) {}

  /**
   * How far predictions were from measurements, relative to these.
   *
   * @param models that were predicted and measured
   * @param median of the absolute errors
   * @param p95 95th percentile of the absolute errors
   * @param rankCorrelation Spearman's, between predicted and measured
   */
  public record Error(int models, double median, double p95, double rankCorrelation) {}

  /** The costs in networks of a storage. */
  public OperatorCosts costs(Storage storage) {
    return storage == Storage.INT8 ? integers : floats;
  }

  /** This profile with another error. */
  public DeviceProfile with(Error other) {
    return new DeviceProfile(origin, block, other, floats, integers);
  }

  /** The file's text. */
  public String yaml() {
    StringBuilder text = new StringBuilder();
    text.append("# Made by 'skyline device calibrate'; docs/device.md describes it.\n");
    text.append(FORMAT).append(": ").append(VERSION).append('\n');
    text.append("machine: ").append(quoted(origin.machine())).append('\n');
    text.append("processor: ").append(quoted(origin.processor())).append('\n');
    text.append("runtime: ").append(quoted(origin.runtime())).append('\n');
    text.append("date: ").append(quoted(origin.date())).append('\n');
    text.append("protocol: ").append(quoted(origin.protocol())).append('\n');
    text.append("channel_block: ").append(block).append('\n');
    text.append(
        String.format(
            Locale.ROOT,
            "error: {models: %d, median: %.4f, p95: %.4f, rank_correlation: %.4f}%n",
            error.models(),
            error.median(),
            error.p95(),
            error.rankCorrelation()));
    text.append("# nanoseconds for each unit of work\n");
    write("fp32", floats, text);
    write("int8", integers, text);
    return text.toString();
  }

  private static void write(String name, OperatorCosts costs, StringBuilder text) {
    text.append(name).append(":\n");
    for (Map.Entry<Kind, Map<Work, Double>> row : costs.nanoseconds().entrySet()) {
      text.append("  ").append(row.getKey().word()).append(": {");
      String separator = "";
      for (Map.Entry<Work, Double> cost : row.getValue().entrySet()) {
        text.append(separator).append(cost.getKey().word()).append(": ");
        text.append(new BigDecimal(cost.getValue(), DIGITS).stripTrailingZeros().toPlainString());
        separator = ", ";
      }
      text.append("}\n");
    }
  }

  private static final MathContext DIGITS = new MathContext(5);

  private static String quoted(String text) {
    return "\"" + text.replaceAll("[\"\\\\\\p{Cntrl}]", " ").strip() + "\"";
  }
}
