package io.skyline.coordinator.data;

/**
 * Examples that were left out because they cannot be used.
 *
 * @param first what is wrong with the first of them; empty if there is none
 */
public record Skipped(int count, String first) {
  /** Every example can be used. */
  public static final Skipped NONE = new Skipped(0, "");

  /** For people: {@code 3 bad examples were skipped, the first: ...}. */
  public String text() {
    return count == 1
        ? "1 bad example was skipped: " + first
        : "%,d bad examples were skipped, the first: %s".formatted(count, first);
  }
}
