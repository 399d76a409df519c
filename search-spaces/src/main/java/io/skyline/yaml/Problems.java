package io.skyline.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is found wrong while a document is read, so that a user learns of everything at once. */
public final class Problems {
  private final List<Problem> found = new ArrayList<>();

  /** Adds one. */
  public void add(Place place, String what, String suggestion) {
    found.add(new Problem(place, what, suggestion));
  }

  /** Adds those of another document. */
  public void addAll(List<Problem> others) {
    found.addAll(others);
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  /** In the order of their lines. */
  public List<Problem> found() {
    return found.stream()
        .distinct()
        .sorted(
            Comparator.comparing((Problem p) -> p.place().source())
                .thenComparing(p -> p.place().line())
                .thenComparing(p -> p.place().column()))
        .toList();
  }

  /**
   * Ends the reading if anything is wrong.
   *
   * @throws InvalidDocumentException with all of it
   */
  public void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidDocumentException(found());
    }
  }
}
