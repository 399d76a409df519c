package io.skyline.worker.trial;

import io.skyline.scorecard.Metric;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.PreparedSplit;
import io.skyline.worker.dl4j.ZippedModel;
import io.skyline.worker.export.ModelExits;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.pack.PackedModel;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A model of a frontier held against what its card says: every file is run again, on the data that
 * it was scored on.
 *
 * <p>Accuracies may differ by 0.1 point, where int8 is involved by 0.3, because its rounding
 * depends on the processor; sizes not at all.
 */
public final class PublishedModel {
  private static final double FLOAT_TOLERANCE = 0.001;
  private static final double INT8_TOLERANCE = 0.003;

  private final Path folder;
  private final Path artifacts;
  private final Card card;
  private final double tolerance;
  private final List<Check> checks = new ArrayList<>();

  /**
   * A statement and what was found.
   *
   * @param what which file, on which data
   * @param said the card's number, with its unit
   * @param found the same, measured now
   * @param agrees whether the two are within the tolerance
   */
  public record Check(String what, String said, String found, boolean agrees) {}

  private PublishedModel(Path folder, Path artifacts, Card card) {
    this.folder = folder;
    this.artifacts = artifacts;
    this.card = card;
    this.tolerance = card.isInt8() ? INT8_TOLERANCE : FLOAT_TOLERANCE;
  }

  /**
   * Runs a model's files.
   *
   * @param folder with model.onnx, model.sky, model.zip and card.json
   * @param artifacts of the model's run: the data is there
   * @throws IOException if a file is missing or damaged; the message names it
   */
  public static List<Check> check(Path folder, Path artifacts) throws IOException {
    try {
      Card card = Card.read(folder.resolve(TrialFiles.CARD));
      PublishedModel model = new PublishedModel(folder, artifacts, card);
      model.checkFiles();
      model.checkQuality();
      return List.copyOf(model.checks);
    } catch (TaskFailedException e) {
      throw new IOException(folder + ": " + e.getMessage(), e);
    }
  }

  private void checkFiles() throws IOException {
    Path packed = folder.resolve(TrialFiles.PACKED);
    byte[] onnx = Files.readAllBytes(folder.resolve(TrialFiles.MODEL));
    boolean same = Arrays.equals(PackedModel.unpack(packed), onnx);
    checks.add(
        new Check("model.sky unpacks to", "model.onnx", same ? "model.onnx" : "another", same));
    bytes("model.onnx", Metric.DOWNLOAD, onnx.length);
    bytes("model.sky", Metric.SIZE, Files.size(packed));
    ModelExits exits = exits(onnx);
    if (!card.exits().thresholds().isEmpty()) {
      String said = text(card.exits().open().thresholds());
      String found = text(exits.exits().stream().map(ModelExits.Exit::threshold).toList());
      checks.add(new Check("model.onnx, leaving from", said, found, said.equals(found)));
    }
  }

  private static ModelExits exits(byte[] onnx) throws IOException {
    try {
      return ModelExits.of(onnx);
    } catch (IllegalArgumentException e) {
      throw new IOException("model.onnx: " + e.getMessage(), e);
    }
  }

  private static String text(List<Float> thresholds) {
    return thresholds.isEmpty()
        ? "nowhere"
        : thresholds.stream()
            .map(t -> String.format(Locale.ROOT, "%.1f %%", 100 * t))
            .collect(Collectors.joining(", "));
  }

  private void bytes(String what, Metric metric, long found) {
    long said = (long) said("scorecard", metric);
    checks.add(new Check(what, said + " bytes", found + " bytes", said == found));
  }

  private void checkQuality() throws IOException, TaskFailedException {
    Examples validation = data("validation");
    Examples test = data("test");
    Metric leading = Quality.leading(validation);
    double quality = said("scorecard", leading);
    byte[] onnx = Files.readAllBytes(folder.resolve(TrialFiles.MODEL));
    checkExits(onnx, validation);
    try (ModelSession session = ModelSession.load(onnx)) {
      quality("model.onnx, validation", quality, of(session.predict(validation), validation));
      double tested = said("scorecard", leading.onTest().orElseThrow());
      quality("model.onnx, test", tested, of(session.predict(test), test));
    }
    float[] zipped =
        ZippedModel.predict(folder.resolve(TrialFiles.ZIPPED), card.exits(), validation);
    // the weights of an int8 model, but not its activations, are what DL4J and the trainer see
    double float32 = card.isInt8() ? said("model_zip", leading) : quality;
    quality("model.zip in DL4J, validation", float32, of(zipped, validation));
    quality("the trainer, validation", float32, said("trainer", leading));
  }

  /** Sends all examples every way through the model, and looks who would have left where. */
  private void checkExits(byte[] onnx, Examples validation) throws IOException {
    ModelExits exits = exits(onnx);
    if (exits.exits().isEmpty()) {
      return;
    }
    List<float[]> said = new ArrayList<>();
    for (int path = 0; path < exits.paths(); path++) {
      try (ModelSession session = ModelSession.load(exits.forced(onnx, path))) {
        said.add(session.predict(validation));
      }
    }
    int classes = said.get(0).length / validation.count();
    ExitPolicy found = exits.policy().countedOn(said, classes);
    List<Double> shares = card.exits().open().shares();
    for (int i = 0; i < Math.min(shares.size(), exits.exits().size()); i++) {
      String what = "leave at " + exits.exits().get(i).name() + ", validation";
      quality(what, shares.get(i), found.shares().get(i));
    }
  }

  private void quality(String what, double said, double found) {
    boolean agrees = Math.abs(found - said) < tolerance + 1e-9;
    checks.add(new Check(what, percent(said), percent(found), agrees));
  }

  private static double of(float[] outputs, Examples examples) {
    return Quality.leading(outputs, examples);
  }

  private static String percent(double fraction) {
    return Double.isNaN(fraction)
        ? "nothing"
        : String.format(Locale.ROOT, "%.2f %%", 100 * fraction);
  }

  private double said(String section, Metric metric) {
    return card.scorecard(section).value(metric).orElse(Double.NaN);
  }

  private Examples data(String name) throws IOException, TaskFailedException {
    String digest = card.split(name, 0).digest();
    Path file =
        artifacts.resolve(digest.substring(0, 2)).resolve(digest.substring(2, 4)).resolve(digest);
    return PreparedSplit.read(file, card.split(name, Files.size(file)));
  }
}
