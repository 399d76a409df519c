package io.skyline.space;

import io.skyline.yaml.Document;
import io.skyline.yaml.DocumentWriter;
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

  private static final List<String> KINDS = List.of("stages", "fixed", "mlp", "cell", "macro");

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
    Choices choices = new Choices(problems);
    NetworkPlan networks = networks(fields, choices, problems);
    RecipeSettings recipe =
        fields
            .take("recipe")
            .map(v -> RecipeSettings.read(v, choices, problems))
            .orElse(RecipeSettings.NONE);
    TrainingSettings training =
        fields
            .take("training")
            .map(v -> choices.fields("training", v, "training: {learning_rate: [0.003]}"))
            .map(f -> TrainingSettings.read(f, choices))
            .orElse(TrainingSettings.NONE);
    fields.end();
    if (choices.decisions().isEmpty() && problems.isEmpty()) {
      problems.add(
          document.place(),
          "the space '" + ownName + "' is empty: it leaves nothing to decide",
          "Give at least one setting several values, such as width: [16, 32].");
    }
    problems.throwIfAny();
    return new ReadSpace(
        new SearchSpace(ownName, choices.decisions()),
        networks,
        recipe,
        training,
        DocumentWriter.write(document));
  }

  private static NetworkPlan networks(Fields fields, Choices choices, Problems problems) {
    String kind = fields.has(FixedNetworks.KEY) ? "fixed" : "stages";
    return switch (fields.word("kind", kind, KINDS)) {
      case "fixed" -> FixedNetworks.read(fields, choices);
      case "mlp" -> DenseNetworks.read(fields, choices);
      case "cell" -> CellNetworks.read(fields, choices);
      case "macro" -> MacroNetworks.read(fields, choices);
      default -> StagedNetworks.read(fields, choices, problems);
    };
  }
}
