package io.skyline.yaml;

import io.skyline.scorecard.BadInputException;
import java.util.List;
import java.util.stream.Collectors;

/** A document that cannot be used; its message has one line a problem. */
public final class InvalidDocumentException extends BadInputException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public InvalidDocumentException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** With a single problem. */
  public InvalidDocumentException(Place place, String what, String suggestion) {
    this(List.of(new Problem(place, what, suggestion)));
  }

  public List<Problem> problems() {
    return problems;
  }
}
