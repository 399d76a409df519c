package io.skyline.scorecard;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number with its unit, as users write it: {@code 500 us}, {@code 64 KiB}, {@code 1 h}, {@code 90
 * %}, {@code 2 M}. Kilobytes are 1000 bytes, kibibytes 1024.
 *
 * @param value in {@code unit}
 * @param unit in which it is kept
 */
public record Quantity(double value, Unit unit) {
  private static final Pattern FORM =
      Pattern.compile("([+-]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d{1,3})?)\\s*([^\\d\\s].*)?");

  /** Far more than a number and its unit take; digits beyond count take time that grows faster. */
  private static final int LONGEST = 100;

  /**
   * Reads a quantity of a kind.
   *
   * @param unit what it is to be converted to
   * @throws MalformedQuantityException if it is no number, lacks its unit, or is of another kind
   */
  public static Quantity parse(String text, Unit unit) {
    Matcher matcher = FORM.matcher(text.strip());
    if (text.length() > LONGEST || !matcher.matches()) {
      String shown = text.substring(0, Math.min(text.length(), LONGEST));
      throw new MalformedQuantityException(
          "'" + shown + "' is not " + kind(unit), "Write, for example, " + example(unit) + ".");
    }
    BigDecimal number = new BigDecimal(matcher.group(1));
    String written = matcher.group(2) == null ? "" : matcher.group(2).strip();
    BigDecimal factor = factors(unit).get(written);
    if (factor == null) {
      throw wrongUnit(text, matcher.group(1), written, unit);
    }
    double value = number.multiply(factor).doubleValue();
    if (!Double.isFinite(value)) {
      throw new MalformedQuantityException("'" + text + "' is too large", "Write less.");
    }
    return new Quantity(value, unit);
  }

  private static MalformedQuantityException wrongUnit(
      String text, String number, String written, Unit unit) {
    if (written.isEmpty()) {
      return new MalformedQuantityException(
          "'" + text + "' has no unit", "Write " + choices(number, unit) + ".");
    }
    for (String known : factors(unit).keySet()) {
      if (known.equalsIgnoreCase(written)) {
        return new MalformedQuantityException(
            "'" + written + "' is no unit", "Did you mean '" + number + " " + known + "'?");
      }
    }
    for (Unit other : Unit.values()) {
      if (factors(other).containsKey(written) && !written.isEmpty()) {
        return new MalformedQuantityException(
            "'" + text + "' is " + kind(other) + ", not " + kind(unit),
            "Write " + choices(number, unit) + ".");
      }
    }
    return new MalformedQuantityException(
        "'" + written + "' is no unit", "Write " + choices(number, unit) + ".");
  }

  /** {@code 5 ns, 5 us or 5 ms}. */
  private static String choices(String number, Unit unit) {
    List<String> forms = new ArrayList<>();
    for (String suffix : factors(unit).keySet()) {
      if (suffix.chars().allMatch(c -> c < 128)) {
        forms.add((number + " " + suffix).strip());
      }
    }
    int last = forms.size() - 1;
    return last == 0
        ? forms.get(0)
        : String.join(", ", forms.subList(0, last)) + " or " + forms.get(last);
  }

  private static String kind(Unit unit) {
    return switch (unit) {
      case FRACTION -> "a share";
      case COUNT -> "a count";
      case TARGET, SCORE -> "a number";
      case MICROSECONDS, SECONDS -> "a time";
      case BYTES -> "a number of bytes";
      case MICROJOULES -> "an energy";
      case EXAMPLES_PER_SECOND -> "a throughput";
    };
  }

  private static String example(Unit unit) {
    return switch (unit) {
      case FRACTION -> "0.9 or 90 %";
      case COUNT -> "1500000 or 1.5 M";
      case TARGET, SCORE -> "0.25";
      case MICROSECONDS -> "500 us";
      case SECONDS -> "1 h";
      case BYTES -> "64 KiB";
      case MICROJOULES -> "20 uJ";
      case EXAMPLES_PER_SECOND -> "5000 examples/s";
    };
  }

  /** What each written unit is worth in the kept one, smallest first. */
  private static Map<String, BigDecimal> factors(Unit unit) {
    return switch (unit) {
      case FRACTION -> table("", "1", "%", "0.01");
      case COUNT -> table("", "1", "k", "1e3", "M", "1e6", "G", "1e9");
      case TARGET, SCORE -> table("", "1");
      case MICROSECONDS ->
          table(
              "ns", "1e-3", "us", "1", "\u00b5s", "1", "ms", "1e3", "s", "1e6", "min", "60e6", "h",
              "3600e6");
      case SECONDS ->
          table("us", "1e-6", "\u00b5s", "1e-6", "ms", "1e-3", "s", "1", "min", "60", "h", "3600");
      case BYTES ->
          table(
              "B",
              "1",
              "KB",
              "1e3",
              "KiB",
              "1024",
              "MB",
              "1e6",
              "MiB",
              "1048576",
              "GB",
              "1e9",
              "GiB",
              "1073741824");
      case MICROJOULES -> table("nJ", "1e-3", "uJ", "1", "\u00b5J", "1", "mJ", "1e3", "J", "1e6");
      case EXAMPLES_PER_SECOND ->
          table("examples/s", "1", "k examples/s", "1e3", "M examples/s", "1e6");
    };
  }

  private static Map<String, BigDecimal> table(String... pairs) {
    Map<String, BigDecimal> table = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      table.put(pairs[i], new BigDecimal(pairs[i + 1]));
    }
    return table;
  }

  /**
   * Four significant digits in the unit in which they read best; powers of 1024 for bytes. {@link
   * #parse} reads it back.
   */
  public String text() {
    String best = "";
    BigDecimal factor = BigDecimal.ONE;
    for (Map.Entry<String, BigDecimal> entry : factors(unit).entrySet()) {
      String suffix = entry.getKey();
      boolean shown = suffix.chars().allMatch(c -> c < 128) && !decimalBytes(suffix);
      boolean first = best.isEmpty() && !factors(unit).containsKey("");
      if (shown && unit != Unit.FRACTION && (first || fits(entry.getValue()))) {
        best = suffix;
        factor = entry.getValue();
      }
    }
    BigDecimal shown =
        new BigDecimal(value).divide(factor, MathContext.DECIMAL64).round(new MathContext(4));
    String number = shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
    return String.format(Locale.ROOT, "%s %s", number, best).strip();
  }

  private static boolean decimalBytes(String suffix) {
    return suffix.matches("[KMG]B");
  }

  private boolean fits(BigDecimal factor) {
    return Math.abs(value) >= factor.doubleValue();
  }
}
