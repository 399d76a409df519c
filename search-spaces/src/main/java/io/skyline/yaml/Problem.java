package io.skyline.yaml;

/**
 * One thing that is wrong with a document.
 *
 * @param place where
 * @param what is wrong, without a full stop
 * @param suggestion what to write instead: a sentence
 */
public record Problem(Place place, String what, String suggestion) {
  /** {@code file:line:column: what. Suggestion} */
  @Override
  public String toString() {
    return place + ": " + what + ". " + suggestion;
  }
}
