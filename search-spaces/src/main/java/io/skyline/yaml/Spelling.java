package io.skyline.yaml;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a user may have meant. */
public final class Spelling {
  private Spelling() {}

  /**
   * {@code Did you mean 'a'?} if a known word is within a third of its letters, else {@code Known:
   * a, b.}
   */
  public static String suggest(String written, Collection<String> known) {
    return nearest(written, known)
        .map(word -> "Did you mean '" + word + "'?")
        .orElse("Known: " + String.join(", ", known) + ".");
  }

  static Optional<String> nearest(String written, Collection<String> known) {
    return known.stream()
        .filter(word -> near(distance(written, word), written, word))
        .min(
            Comparator.comparingInt((String word) -> distance(written, word))
                .thenComparing(Comparator.naturalOrder()));
  }

  private static boolean near(int distance, String written, String word) {
    int length = Math.max(written.length(), word.length());
    return distance < word.length() && distance <= Math.max(1, length / 3);
  }

  /** Optimal string alignment: insertions, deletions, replacements, swaps of neighbours. */
  static int distance(String one, String other) {
    if (one.length() > 64 || other.length() > 64) {
      return Integer.MAX_VALUE;
    }
    int[][] d = new int[one.length() + 1][other.length() + 1];
    for (int i = 0; i <= one.length(); i++) {
      for (int j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          d[i][j] = i + j;
          continue;
        }
        int same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        d[i][j] = Math.min(d[i - 1][j - 1] + same, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
        boolean swapped =
            i > 1
                && j > 1
                && one.charAt(i - 1) == other.charAt(j - 2)
                && one.charAt(i - 2) == other.charAt(j - 1);
        if (swapped) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[one.length()][other.length()];
  }
}
