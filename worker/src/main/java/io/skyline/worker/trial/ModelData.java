package io.skyline.worker.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skyline.scorecard.DataCard.Split;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.IdxFolder;
import io.skyline.worker.data.PreparedSplit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a trained model is compressed with: examples to train on, others to judge by, and perhaps
 * some that were never looked at.
 */
public final class ModelData {
  static final String ARTIFACTS = "artifacts";

  /** Held out of an IDX folder that has no validation files. */
  private static final double HELD_OUT = 0.1;

  private final Examples training;
  private final Examples validation;
  private final Optional<Examples> test;
  private final JsonNode description;

  private ModelData(
      Examples training, Examples validation, Optional<Examples> test, JsonNode description) {
    this.training = training;
    this.validation = validation;
    this.test = test;
    this.description = description;
  }

  /**
   * The prepared splits of a run: those that the model's card names, or, for a model without one,
   * those of any model that the run published.
   *
   * @throws UnusableModelException if they are not there
   */
  public static ModelData ofRun(TrainedModel model, Path run) throws IOException {
    Card card = model.card().isPresent() ? model.card().get() : anyCard(run);
    Path artifacts = run.resolve(ARTIFACTS);
    try {
      Optional<Examples> test =
          card.data().has("test") ? Optional.of(split(card, "test", artifacts)) : Optional.empty();
      return new ModelData(
          split(card, "train", artifacts),
          split(card, "validation", artifacts),
          test,
          card.data().deepCopy());
    } catch (NoSuchFileException e) {
      throw new UnusableModelException(
          run + ": this run does not have the data that the model's card names: " + e.getMessage());
    } catch (TaskFailedException e) {
      throw new UnusableModelException(model.zip() + ": " + e.getMessage());
    }
  }

  private static Card anyCard(Path run) throws IOException {
    Path models = run.resolve("models");
    if (Files.isDirectory(models)) {
      try (Stream<Path> folders = Files.list(models)) {
        Optional<Path> card =
            folders
                .sorted()
                .map(f -> f.resolve(TrialFiles.CARD))
                .filter(Files::isRegularFile)
                .findFirst();
        if (card.isPresent()) {
          return TrainedModel.card(card.get());
        }
      }
    }
    throw new UnusableModelException(run + ": no run that has published models");
  }

  private static Examples split(Card card, String name, Path artifacts)
      throws IOException, TaskFailedException {
    String digest = card.split(name, 0).digest();
    Path file =
        artifacts.resolve(digest.substring(0, 2)).resolve(digest.substring(2, 4)).resolve(digest);
    Split split = card.split(name, Files.size(file));
    return PreparedSplit.read(file, split);
  }

  /**
   * A folder of IDX files. Without validation files, a tenth of the training examples judges
   * instead: of a model that was trained on all of them it judges too well.
   *
   * @param seed of the draw of that tenth
   * @throws UnusableModelException if it has no training images
   */
  public static ModelData ofFolder(Path folder, long seed) throws IOException {
    IdxFolder files = new IdxFolder(folder);
    Examples all =
        files
            .read("train")
            .orElseThrow(
                () ->
                    new UnusableModelException(
                        folder
                            + ": neither the folder of a run nor one of IDX files: it holds no"
                            + " train-images-idx3-ubyte"));
    Optional<Examples> own = files.read("validation");
    int[] order = shuffled(all.count(), seed);
    int held = own.isPresent() ? 0 : Math.max(1, (int) (HELD_OUT * all.count()));
    Examples validation =
        own.isPresent() ? own.get() : all.select(java.util.Arrays.copyOf(order, held));
    Examples training = all.select(java.util.Arrays.copyOfRange(order, held, order.length));
    Optional<Examples> test = files.read("t10k");
    ObjectNode description = JsonNodeFactory.instance.objectNode();
    description.put("name", String.valueOf(folder.toAbsolutePath().normalize().getFileName()));
    description.put("input", all.shape().toString());
    description.putObject("train").put("examples", training.count());
    description.putObject("validation").put("examples", validation.count());
    test.ifPresent(t -> description.putObject("test").put("examples", t.count()));
    return new ModelData(training, validation, test, description);
  }

  /** Fisher-Yates. */
  private static int[] shuffled(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  /** Examples to train and to calibrate on. */
  public Examples training() {
    return training;
  }

  Examples validation() {
    return validation;
  }

  Optional<Examples> test() {
    return test;
  }

  /** As a card tells it. */
  JsonNode description() {
    return description;
  }

  /**
   * Checks that a network can be trained and judged with this.
   *
   * @param outputs of the network
   * @throws UnusableModelException otherwise
   */
  void requireFor(int outputs, boolean regression) {
    if (training.isRegression() != regression) {
      throw new UnusableModelException(
          regression
              ? "the model predicts a number, but the data has classes"
              : "the model tells classes apart, but the data asks for a number");
    }
    List<Examples> all = new ArrayList<>(List.of(training, validation));
    test.ifPresent(all::add);
    for (Examples examples : all) {
      if (!examples.shape().equals(training.shape())) {
        throw new UnusableModelException(
            "the data has examples of " + training.shape() + " and of " + examples.shape());
      }
      int last = IntStream.of(examples.labels()).max().orElse(0);
      if (!regression && last >= outputs) {
        throw new UnusableModelException(
            "the model has " + outputs + " classes, but the data has a label " + last);
      }
    }
  }
}
