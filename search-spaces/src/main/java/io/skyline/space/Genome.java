package io.skyline.space;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * One value for every decision of a space; made only by a {@link SearchSpace}, which keeps inactive
 * decisions canonical, so equal candidates are equal genomes.
 *
 * @param choices for each decision the index of its value; 0 where inactive
 * @param text the active decisions as {@code name=value}, joined by a blank
 */
public record Genome(List<Integer> choices, String text) {
  public Genome {
    choices = List.copyOf(choices);
  }

  /** SHA-256 of the text form, in hex. */
  public String digest() {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
