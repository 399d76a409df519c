package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Node;
import io.skyline.architecture.Shape;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.space.Candidate;
import io.skyline.space.CandidateSpace;
import io.skyline.space.SpaceReader;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.score.Quality;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Fashion items of 14x14 anywhere on 56x56, the data of configs/glimpse.yaml: one classifier behind
 * a glimpse of 21x21, before the middle of that size, and before everything.
 */
class GlimpseLearningTest {
  private static final int CANVAS = 56;
  private static final int WINDOW = 21;
  private static final List<Float> MEAN = List.of(6f);
  private static final List<Float> DEVIATION = List.of(28f);
  private static final Path DATA = Path.of("../configs/data/scattered.npz");
  private static final String CLASSIFIER =
      """
      stem: {width: [16, 24]}
      stages:
        - {downsample: max, block: conv, width: 16}
        - {downsample: max, block: conv, width: 32}
        - {downsample: stride, block: conv, width: 32}
      head: {hidden: 32}
      """;

  private static byte[] array(String name, int bytes) throws IOException {
    try (ZipFile zip = new ZipFile(DATA.toFile())) {
      byte[] npy = zip.getInputStream(zip.getEntry(name + ".npy")).readAllBytes();
      return Arrays.copyOfRange(npy, npy.length - bytes, npy.length);
    }
  }

  private static Examples scattered(String part, int count) throws IOException {
    byte[] pixels = array("x_" + part, count * CANVAS * CANVAS);
    byte[] classes = array("y_" + part, count);
    int[] labels = new int[count];
    Arrays.setAll(labels, i -> classes[i]);
    return new Examples(new Shape(1, CANVAS, CANVAS), pixels, labels);
  }

  private static Examples middle(Examples whole) {
    byte[] pixels = new byte[whole.count() * WINDOW * WINDOW];
    int border = (CANVAS - WINDOW) / 2;
    for (int row = 0; row < whole.count() * WINDOW; row++) {
      int line = row / WINDOW * CANVAS + border + row % WINDOW;
      int from = line * CANVAS + border;
      System.arraycopy(whole.pixels(), from, pixels, row * WINDOW, WINDOW);
    }
    return new Examples(new Shape(1, WINDOW, WINDOW), pixels, whole.labels());
  }

  /** With a glimpse of that share of rows and columns, or none if it is 1. */
  private static Candidate candidate(double share, int epochs, Examples training) {
    String glimpse = share < 1 ? "glimpse: {share: " + share + "}\n" : "";
    CandidateSpace space = SpaceReader.read(glimpse + CLASSIFIER, "classifier.yaml");
    DataCard.Split none = new DataCard.Split("0", 1, 1);
    List<String> classes = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    DataCard data =
        new DataCard("data", training.shape(), classes, MEAN, DEVIATION, none, none, none);
    return space.decode(space.decisions().genome(0), data, TrainingPlan.standard(epochs));
  }

  /** Accuracy on unseen images after training. */
  private static double learn(
      Architecture architecture, int epochs, Examples training, Examples unseen) {
    OneDnnEngine engine = new OneDnnEngine();
    Network fresh = engine.fresh(architecture, new Normalization(MEAN, DEVIATION), 1);
    TrainingPlan plan = TrainingPlan.standard(epochs);
    Network trained = engine.train(fresh, plan, training, 1, TrainingProgress.SILENT);
    return Quality.leading(engine.predict(trained, unseen), unseen);
  }

  private record Result(double accuracy, long macs) {}

  private static Result learn(double share, int epochs, Examples training, Examples unseen) {
    Architecture architecture = candidate(share, epochs, training).architecture();
    return new Result(
        learn(architecture, epochs, training, unseen),
        NetworkCost.of(architecture, Storage.FP32).macs());
  }

  @Test
  void findsObjectsThatAreAnywhere() throws IOException {
    Examples training = scattered("train", 4000).slice(0, 2500);
    Examples unseen = scattered("test", 1000);

    Result glimpse = learn(0.375, 5, training, unseen);
    Result middle = learn(1, 5, middle(training), middle(unseen));

    assertThat(glimpse.accuracy()).isGreaterThan(middle.accuracy() + 0.25);
    assertThat(glimpse.macs()).isLessThan(middle.macs() * 11 / 10);
  }

  @Test
  @Tag("full")
  void seesAsMuchAsWhoLooksAtEverything() throws IOException {
    Examples training = scattered("train", 4000);
    Examples unseen = scattered("test", 1000);

    Result glimpse = learn(0.375, 12, training, unseen);
    Result whole = learn(1, 12, training, unseen);

    assertThat(glimpse.accuracy()).isGreaterThan(whole.accuracy() - 0.03);
    assertThat(glimpse.macs()).isLessThan(whole.macs() / 6);
  }

  /** The same classifier, but a dense layer over the coarse copy says where to look. */
  private static Architecture byDense(Architecture bySoftArgmax) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : bySoftArgmax.nodes()) {
      switch (node.name()) {
        case "locator_scores" ->
            nodes.add(new Node("locator_scores", new Flatten(), node.inputs()));
        case "locator" -> {
          nodes.add(Nets.node("dense", new Dense(2, true), "locator_scores"));
          nodes.add(Nets.node("locator", new Activation(Function.SIGMOID), "dense"));
        }
        default -> nodes.add(node);
      }
    }
    return new Architecture(bySoftArgmax.input(), nodes);
  }

  /** RATIONALE.md says so. */
  @Test
  @Tag("full")
  void findsMoreThanADenseLayerWould() throws IOException {
    Examples training = scattered("train", 4000);
    Examples unseen = scattered("test", 1000);
    Candidate candidate = candidate(0.375, 12, training);

    double soft = learn(candidate.architecture(), 12, training, unseen);
    double dense = learn(byDense(candidate.architecture()), 12, training, unseen);

    assertThat(soft).isGreaterThan(dense + 0.1);
  }
}
