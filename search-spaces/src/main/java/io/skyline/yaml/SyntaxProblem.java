package io.skyline.yaml;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.reader.ReaderException;

/** Says in a user's words what the YAML parser could not read. */
final class SyntaxProblem {
  private SyntaxProblem() {}

  static InvalidDocumentException of(MarkedYAMLException e, String text, String source) {
    Mark mark = e.getProblemMark();
    Place place = mark == null ? new Place(source, 1, 1) : TreeBuilder.at(source, mark);
    if (startsWithTab(text, place.line())) {
      int column = line(text, place.line()).indexOf('\t') + 1;
      return new InvalidDocumentException(
          new Place(source, place.line(), column),
          "the line is indented with a tab",
          "YAML is indented with blanks; use two for each level.");
    }
    String what = e.getProblem() == null ? "is not YAML" : e.getProblem();
    if (e.getContext() != null) {
      what = e.getContext() + ": " + what;
    }
    return new InvalidDocumentException(
        place,
        "cannot be read as YAML (" + what.strip() + ")",
        "Check indentation, colons, brackets and quotes up to here.");
  }

  static InvalidDocumentException of(ReaderException e, String text, String source) {
    String before = text.substring(0, Math.min(text.length(), e.getPosition()));
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    int column = before.length() - before.lastIndexOf('\n');
    return new InvalidDocumentException(
        new Place(source, line, column),
        "the character U+%04X is not allowed in YAML".formatted(e.getCodePoint()),
        "Remove it.");
  }

  private static boolean startsWithTab(String text, int line) {
    String content = line(text, line);
    return content.substring(0, content.length() - content.stripLeading().length()).contains("\t");
  }

  private static String line(String text, int line) {
    return text.lines().skip(line - 1L).findFirst().orElse("");
  }
}
