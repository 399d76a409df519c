package io.skyline.scorecard;

/** A text that is no quantity of the kind asked for. */
public final class MalformedQuantityException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String suggestion;

  MalformedQuantityException(String what, String suggestion) {
    super(what);
    this.suggestion = suggestion;
  }

  /** What to write instead: a sentence. */
  public String suggestion() {
    return suggestion;
  }
}
