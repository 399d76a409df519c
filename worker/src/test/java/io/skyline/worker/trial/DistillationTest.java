package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.recipe.Distillation;
import io.skyline.recipe.Distillation.Format;
import io.skyline.recipe.Distillation.Seen;
import io.skyline.recipe.Distillation.Teacher;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.data.ArtifactSource;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.FashionMini;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.Engine;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import io.skyline.worker.train.TrainingSet;
import io.skyline.worker.trial.Teachers.Taught;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What students learn from a teacher that arrives as an ONNX file. */
class DistillationTest {
  private static final Shape IMAGE = new Shape(1, 28, 28);
  private static final Normalization NORMALIZATION = new Normalization(List.of(73f), List.of(90f));
  private static final Engine ENGINE = new OneDnnEngine();
  private static final int SEEDS = 5;

  @TempDir private Path folder;

  private static Architecture net(int first, int second, int third) {
    List<Layer> layers = new ArrayList<>();
    for (int width : new int[] {first, second, third}) {
      layers.add(Convolution.same(width, 3, 1));
      layers.add(new BatchNorm());
      layers.add(new Activation(Function.RELU));
      layers.add(new Pooling(Pooling.Kind.MAX, 2, 2, 0));
    }
    layers.set(layers.size() - 1, new GlobalAveragePool());
    layers.add(new Dense(10, true));
    return chain(layers);
  }

  private static Architecture chain(List<Layer> layers) {
    List<Node> nodes = new ArrayList<>();
    String last = Architecture.INPUT;
    for (Layer layer : layers) {
      nodes.add(new Node("l" + nodes.size(), layer, List.of(last)));
      last = "l" + (nodes.size() - 1);
    }
    return new Architecture(IMAGE, nodes);
  }

  private static Network train(Architecture net, TrainingPlan plan, TrainingSet set, long seed) {
    Network fresh = ENGINE.fresh(net, NORMALIZATION, seed);
    return ENGINE.train(fresh, plan, set, seed, TrainingProgress.SILENT);
  }

  private static double accuracy(Network network, Examples examples) {
    return Quality.leading(ENGINE.predict(network, examples), examples);
  }

  private static byte[] onnx(Network network) {
    return OnnxWriter.write(BatchNormFolding.fold(network), Encoding.FLOAT32);
  }

  private static Teacher teacher(byte[] file) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(file);
    return new Teacher(Format.ONNX, HexFormat.of().formatHex(digest), file.length);
  }

  private TrainingSet taught(byte[] file, TrainingPlan plan, Examples examples) throws Exception {
    ArtifactSource source = (digest, target) -> Files.write(target, file);
    Teachers teachers = new Teachers(folder.resolve("answers"), source);
    return teachers.teach(plan, new Taught(examples, "split"), Optional.empty(), 10, folder);
  }

  @Test
  void aTeachersAnswersAreThoseOfItsNetworkAndAreKept() throws Exception {
    Examples examples = FashionMini.read("validation").slice(0, 100);
    Network network = ENGINE.fresh(net(8, 8, 8), NORMALIZATION, 3);
    byte[] file = onnx(network);
    TrainingPlan plan =
        TrainingPlan.standard(1).with(new Distillation(4, 0.7, List.of(teacher(file))));
    float[] said = taught(file, plan, examples).teachers().get(0);
    float[] expected = ENGINE.predict(network, examples);
    for (int i = 0; i < said.length; i++) {
      assertThat(said[i]).isCloseTo(expected[i], org.assertj.core.api.Assertions.within(1e-5f));
    }
    // asked again, nothing is fetched
    assertThat(taught(new byte[0], plan, examples).teachers().get(0)).isEqualTo(said);
  }

  @Test
  void whatATeacherSaysOfUnlabelledExamplesFollowsWhatItSaysOfTheOthers() throws Exception {
    Examples examples = FashionMini.read("validation").slice(0, 40);
    Examples more = FashionMini.read("validation").slice(40, 70);
    Network network = ENGINE.fresh(net(8, 8, 8), NORMALIZATION, 3);
    byte[] file = onnx(network);
    ArtifactSource source = (digest, target) -> Files.write(target, file);
    Teachers teachers = new Teachers(folder.resolve("answers"), source);
    Distillation distillation = new Distillation(4, 0.7, List.of(teacher(file)));
    TrainingPlan plan = TrainingPlan.standard(1).with(distillation);
    Optional<Taught> unlabelled = Optional.of(new Taught(more, "more"));
    TrainingSet set = teachers.teach(plan, new Taught(examples, "split"), unlabelled, 10, folder);
    assertThat(set.labelled()).isEqualTo(40);
    assertThat(set.withLabels().labels()).isEqualTo(examples.labels());
    float[] expected = ENGINE.predict(network, FashionMini.read("validation").slice(0, 70));
    assertThat(set.teachers().get(0))
        .containsExactly(expected, org.assertj.core.api.Assertions.within(1e-5f));
    assertThat(ENGINE.predict(network, set.examples())).isEqualTo(expected);
    // in the other mode the model itself comes along
    TrainingSet present =
        teachers.teach(
            TrainingPlan.standard(1).with(distillation.with(Seen.AUGMENTED)),
            new Taught(examples, "split"),
            unlabelled,
            10,
            folder);
    assertThat(present.teachers()).isEmpty();
    assertThat(present.present()).hasSize(1);
    assertThat(present.examples().count()).isEqualTo(70);
  }

  @Test
  void aTeacherThatSeesWhatTheStudentSeesTeachesTheSameBitsAgainAndOtherThings() throws Exception {
    Examples examples = FashionMini.read("validation").slice(0, 320);
    byte[] file = onnx(ENGINE.fresh(net(8, 8, 8), NORMALIZATION, 3));
    Distillation distillation = new Distillation(4, 1, List.of(teacher(file)));
    TrainingPlan original = TrainingPlan.standard(2).with(distillation);
    TrainingPlan augmented = original.with(distillation.with(Seen.AUGMENTED));
    Architecture small = net(8, 8, 8);
    Network first = train(small, augmented, taught(file, augmented, examples), 5);
    Network again = train(small, augmented, taught(file, augmented, examples), 5);
    Network other = train(small, original, taught(file, original, examples), 5);
    float[] expected = ENGINE.predict(first, examples);
    assertThat(ENGINE.predict(again, examples)).isEqualTo(expected);
    assertThat(ENGINE.predict(other, examples)).isNotEqualTo(expected);
  }

  @Test
  void aFileThatIsNoModelForTheseClassesIsABadArtifact() throws Exception {
    Examples examples = FashionMini.read("validation").slice(0, 4);
    byte[] junk = {1, 2, 3};
    TrainingPlan plan =
        TrainingPlan.standard(1).with(new Distillation(4, 0.7, List.of(teacher(junk))));
    TrainingPlan other =
        TrainingPlan.standard(1)
            .with(new Distillation(4, 0.7, List.of(teacher(junk)), Seen.AUGMENTED));
    for (TrainingPlan each : List.of(plan, other)) {
      assertThatThrownBy(() -> taught(junk, each, examples))
          .isInstanceOf(TaskFailedException.class)
          .hasMessageContaining("cannot teach");
    }
  }

  /**
   * As in Hinton et al. 2015, section 3: the student is a network of dense layers that nothing but
   * the teacher regularizes. Prints a line for each seed.
   */
  @Test
  @Tag("full")
  void aStudentOfATenthGainsHalfAPoint() throws Exception {
    Examples training = FashionMini.read("train");
    Examples validation = FashionMini.read("validation");
    Architecture large = net(32, 64, 64);
    Architecture small = dense(512, 256);
    double share = (double) macs(small) / macs(large);
    Network master = train(large, TrainingPlan.standard(24), TrainingSet.of(training), 1);
    System.out.printf(
        "teacher %.4f, student has %.3f of its MACs%n", accuracy(master, validation), share);
    assertThat(share).isLessThan(0.1);
    byte[] file = onnx(master);
    TrainingPlan alone =
        new TrainingPlan(20, 64, Optimizer.ADAM, 1e-2, 0.1, 1e-4, 0, Augmentation.NONE);
    TrainingPlan distilled = alone.with(new Distillation(4, 0.9, List.of(teacher(file))));
    TrainingSet set = taught(file, distilled, training);
    double gain = 0;
    for (int seed = 1; seed <= SEEDS; seed++) {
      double plain = accuracy(train(small, alone, TrainingSet.of(training), seed), validation);
      double helped = accuracy(train(small, distilled, set, seed), validation);
      System.out.printf("seed %d: alone %.4f, distilled %.4f%n", seed, plain, helped);
      gain += (helped - plain) / SEEDS;
    }
    System.out.printf("mean gain %.2f points%n", 100 * gain);
    assertThat(gain).isGreaterThanOrEqualTo(0.005);
  }

  private static Architecture dense(int... widths) {
    List<Layer> layers = new ArrayList<>(List.of(new Flatten()));
    for (int width : widths) {
      layers.add(new Dense(width, false));
      layers.add(new BatchNorm());
      layers.add(new Activation(Function.RELU));
    }
    layers.add(new Dense(10, true));
    return chain(layers);
  }

  private static long macs(Architecture net) {
    return NetworkCost.of(net, Storage.FP32).macs();
  }
}
