package io.skyline.space;

import io.skyline.yaml.Document;
import io.skyline.yaml.Fields;
import io.skyline.yaml.InvalidDocumentException;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Reads spaces from YAML; the key {@code kind} says which reader knows the rest. */
public final class SpaceReader {
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  private SpaceReader() {}

  /**
   * Reads a file.
   *
   * @throws InvalidDocumentException with everything that is wrong with it
   */
  public static CandidateSpace read(Path file) {
    return read(Document.read(file), "space");
  }

  /**
   * Reads a text, such as one that {@link CandidateSpace#yaml} gave.
   *
   * @param source stands for a file's name in problems
   * @throws InvalidDocumentException with everything that is wrong with it
   */
  public static CandidateSpace read(String yaml, String source) {
    return read(Document.read(yaml.getBytes(StandardCharsets.UTF_8), source), "space");
  }

  /**
   * Reads a space that stands in a larger document.
   *
   * @param name of the space if it gives none
   * @throws InvalidDocumentException with everything that is wrong with it
   */
  public static CandidateSpace read(Value document, String name) {
    Problems problems = new Problems();
    Fields fields = Fields.of("the space", document, "{kind: stages, ...}", problems);
    String ownName = fields.text("name").orElse(name);
    if (!ownName.matches(NAME)) {
      problems.add(
          fields.place(),
          "'" + ownName + "' cannot name a space",
          "Use up to 64 letters, digits, dots, dashes and underscores.");
    }
    fields.word("kind", "stages", List.of("stages"));
    return new StagedSpaceReader(problems).read(ownName, fields, document);
  }
}
