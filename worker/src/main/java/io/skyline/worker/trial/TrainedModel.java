package io.skyline.worker.trial;

import io.skyline.recipe.TrainingPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A model that was trained before: one of a frontier, with its card, or any zip of DL4J. */
public final class TrainedModel {
  private static final long LARGEST_TEXT = 16 << 20;

  private final Path zip;
  private final Optional<Card> card;
  private final List<String> labels;

  private TrainedModel(Path zip, Optional<Card> card, List<String> labels) {
    this.zip = zip;
    this.card = card;
    this.labels = labels;
  }

  /**
   * Looks for a model and for what lies beside it.
   *
   * @param path a zip, a folder that holds {@code model.zip}, or another file of such a folder
   * @throws UnusableModelException if there is none, or its card is damaged
   */
  public static TrainedModel at(Path path) throws IOException {
    Path zip = zip(path);
    Path card = zip.resolveSibling(TrialFiles.CARD);
    Path labels = zip.resolveSibling(TrialFiles.LABELS);
    boolean named = String.valueOf(zip.getFileName()).equals(TrialFiles.ZIPPED);
    return new TrainedModel(
        zip,
        named && isText(card) ? Optional.of(card(card)) : Optional.empty(),
        named && isText(labels) ? Files.readAllLines(labels) : List.of());
  }

  private static Path zip(Path path) {
    if (!Files.exists(path)) {
      throw new UnusableModelException(path + ": no such model");
    }
    boolean isZip = Files.isRegularFile(path) && path.toString().endsWith(".zip");
    Path zip =
        isZip
            ? path
            : Files.isDirectory(path)
                ? path.resolve(TrialFiles.ZIPPED)
                : path.resolveSibling(TrialFiles.ZIPPED);
    if (!Files.isRegularFile(zip)) {
      throw new UnusableModelException(
          path + ": there is no " + TrialFiles.ZIPPED + ", which has the weights to go on from");
    }
    return zip;
  }

  private static boolean isText(Path file) throws IOException {
    return Files.isRegularFile(file) && Files.size(file) <= LARGEST_TEXT;
  }

  static Card card(Path file) throws IOException {
    try {
      return Card.read(file);
    } catch (TaskFailedException e) {
      throw new UnusableModelException(file + ": " + e.getMessage());
    }
  }

  /** The file with the weights. */
  public Path zip() {
    return zip;
  }

  Optional<Card> card() {
    return card;
  }

  /** Class names in output order; empty if nobody wrote them down. */
  List<String> labels() {
    return labels;
  }

  /** How it was trained, teachers aside; empty if no card says so. */
  public Optional<TrainingPlan> plan() {
    return card.flatMap(Card::training);
  }

  /** The folder of the run that published it, if it still lies in one that has its data. */
  public Optional<Path> run() {
    Path models = zip.toAbsolutePath().getParent();
    Path run = models == null || models.getParent() == null ? null : models.getParent().getParent();
    return run != null && card.isPresent() && Files.isDirectory(run.resolve(ModelData.ARTIFACTS))
        ? Optional.of(run)
        : Optional.empty();
  }
}
