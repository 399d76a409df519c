package io.skyline.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.data.EmbeddedSource;
import io.skyline.coordinator.data.Holdout;
import io.skyline.coordinator.data.IdxSource;
import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Constraint.Bound;
import io.skyline.coordinator.search.Halving;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchSettings.Order;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.scorecard.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigReaderTest {
  private static final String SHORT =
      """
      data: fashion-mini
      space: mobile
      objectives: [maximize accuracy]
      controller: random
      budget: {trials: 4, epochs: 1}
      """;

  @TempDir private Path folder;

  private SearchConfig read(String yaml, String... overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), yaml);
    return ConfigReader.read(file, List.of(overrides));
  }

  static List<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../configs"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** Files of the names that are looked for; nobody reads them yet. */
  private Path imagesOfTheUser() throws IOException {
    for (String part : List.of("train", "t10k")) {
      Files.writeString(folder.resolve(part + "-images-idx3-ubyte"), "images");
      Files.writeString(folder.resolve(part + "-labels-idx1-ubyte"), "labels");
    }
    return folder;
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyShippedConfigReadsAndSurvivesBeingWrittenOut(Path file) throws IOException {
    boolean images = Files.readString(file).contains("format: idx");
    SearchConfig config =
        ConfigReader.read(file, images ? List.of("data.path=" + imagesOfTheUser()) : List.of());

    SearchConfig again = ConfigReader.reread(config.yaml());
    assertThat(file.getFileName()).hasToString(config.name() + ".yaml");
    assertThat(again.yaml()).isEqualTo(config.yaml());
    assertThat(again.search()).isEqualTo(config.search());
    assertThat(again.training()).isEqualTo(config.training());
    assertThat(again.space().decisions().decisions())
        .isEqualTo(config.space().decisions().decisions());
  }

  @Test
  void leavesOutWhatHasADefault() throws IOException {
    SearchConfig config = read(SHORT);

    assertThat(config.name()).isEqualTo("mine");
    assertThat(config.data()).isEqualTo(new EmbeddedSource("fashion-mini"));
    assertThat(read(SHORT.replace("controller: random\n", "")).controller().type().name())
        .isEqualTo("surrogate");
    assertThat(config.search().seed()).isEqualTo(1);
    assertThat(config.search().lookahead()).isEqualTo(16);
    assertThat(config.search().order()).isEqualTo(Order.DETERMINISTIC);
    assertThat(config.search().maxAttempts()).isEqualTo(3);
    assertThat(config.search().finalEpochs()).isEmpty();
    assertThat(config.search().latencyInTrials()).isFalse();
    assertThat(config.training()).isEqualTo(TrainingPlan.standard(1));
    assertThat(config.engine()).isEqualTo(TrainingEngine.ONEDNN);
    assertThat(config.timeLimit()).isEqualTo(Duration.ofMinutes(30));
    assertThat(config.localWorkers()).hasValue(Runtime.getRuntime().availableProcessors());
  }

  @Test
  void halvingHasPresetsAndRefusesWhatCannotPause() throws IOException {
    assertThat(read(SHORT).search().halving()).isEmpty();
    assertThat(read(SHORT, "budget={trials: 9, epochs: 90, halving: {}}").search().halving())
        .hasValue(new Halving(3, 3, 90));
    String rungs = "budget={trials: 9, epochs: 8, halving: {from: 2, eta: 2}}";
    assertThat(read(SHORT, rungs).search().halving()).hasValue(new Halving(2, 2, 8));
    assertThatThrownBy(() -> read(SHORT, rungs, "engine=dl4j"))
        .hasMessageContaining("'halving' pauses trainings, which the engine 'dl4j' cannot go on");
    assertThatThrownBy(
            () -> read(SHORT, rungs, "training={early_stopping: {share: 10 %, patience: 3}}"))
        .hasMessageContaining("'halving' stops trainings by comparing them");
  }

  @Test
  void readsEveryKey() throws IOException {
    SearchConfig config =
        read(
            """
            name: all
            seed: 9007199254740991
            data: fashion-mini
            space: {stem: {width: [8, 16]}, stages: [{width: 16}]}
            objectives: [maximize accuracy, minimize latency]
            constraints: [latency <= 0.4 ms, size <= 100 KB, accuracy >= 80 %]
            controller: {name: nsga2, population: 12, crossover: 0.5}
            budget: {trials: 7, time: 1 h, epochs: 2}
            final: {epochs: 9}
            lookahead: 3
            order: arrival
            workers: none
            engine: dl4j
            attempts: 5
            time_limit: 90 s
            training:
              batch: 32
              optimizer: sgd
              learning_rate: 0.1
              warmup_epochs: 0.5
              weight_decay: 0
              label_smoothing: 0.1
              augmentation: none
            """);

    assertThat(config.name()).isEqualTo("all");
    assertThat(config.search().seed()).isEqualTo(9007199254740991L);
    assertThat(config.search().goals().objectives())
        .containsExactly(new Objective(Metric.ACCURACY), new Objective(Metric.LATENCY));
    assertThat(config.search().goals().constraints())
        .containsExactly(
            new Constraint(Metric.LATENCY, Bound.AT_MOST, 400),
            new Constraint(Metric.SIZE, Bound.AT_MOST, 100_000),
            new Constraint(Metric.ACCURACY, Bound.AT_LEAST, 0.8));
    assertThat(config.controller().type().name()).isEqualTo("nsga2");
    assertThat(config.controller().values()).isEqualTo(Map.of("population", 12.0, "crossover", .5));
    assertThat(config.search().budget().trials()).isEqualTo(7);
    assertThat(config.search().budget().time()).contains(Duration.ofHours(1));
    assertThat(config.search().finalEpochs()).hasValue(9);
    assertThat(config.search().order()).isEqualTo(Order.ARRIVAL);
    assertThat(config.search().maxAttempts()).isEqualTo(5);
    assertThat(config.search().latencyInTrials()).isTrue();
    assertThat(config.search().slots()).isZero();
    assertThat(config.localWorkers()).isEmpty();
    assertThat(config.engine()).isEqualTo(TrainingEngine.DL4J);
    assertThat(config.timeLimit()).isEqualTo(Duration.ofSeconds(90));
    assertThat(config.training())
        .isEqualTo(new TrainingPlan(2, 32, Optimizer.SGD, 0.1, 0.5, 0, 0.1, Augmentation.NONE));
    assertThat(config.space().decisions().name()).isEqualTo("all");
  }

  @Test
  void overridesAreReadLikeTheFile() throws IOException {
    SearchConfig config = read(SHORT, "budget.trials=9", "final={epochs: 2}", "name=other");

    assertThat(config.search().budget().trials()).isEqualTo(9);
    assertThat(config.search().finalEpochs()).hasValue(2);
    assertThat(ConfigReader.reread(config.yaml()).name()).isEqualTo("other");
  }

  @Test
  void everyProblemIsReportedAtOnce() {
    assertThatThrownBy(
            () ->
                read(
                    SHORT.replace("epochs: 1", "epochs: 0").replace("mobile", "mobil") + "x: 1\n",
                    "seed=-1"))
        .message()
        .contains("mine.yaml:2:8: there is no space 'mobil'. Did you mean 'mobile'?")
        .contains("mine.yaml:5:29: 'epochs' cannot be 0")
        .contains("mine.yaml:6:1: unknown key 'x' in the config")
        .contains("--set seed=-1: 'seed' cannot be -1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "data=fashion|there is no embedded data set 'fashion'",
        "data=[a]|'data' is a single value, not a list",
        "space=spaces/none.yaml|there is no file 'spaces/none.yaml'",
        "objectives=[]|'objectives' is empty",
        "objectives=[accuracy]|'accuracy' does not say its direction. Write 'maximize accuracy'.",
        "objectives=[minimize accuracy]|in its worse direction. Write 'maximize accuracy'.",
        "objectives=[maximize test_accuracy]|test_accuracy guides no search",
        "objectives=[minimize macs, minimize macs]|'minimize macs' stands twice",
        "constraints=[size < 10 KB]|'size < 10 KB' is no constraint. Write 'size <= 10 KB'.",
        "constraints=[small]|'small' is no constraint. Write something like 'latency <= 400 us'.",
        "constraints=[macs <= -1]|'macs <= -1' is impossible",
        "constraints=[macs >= 0]|'macs >= 0' says nothing",
        "constraints=[macs <= 1 M, macs <= 2 M]|'macs' is limited twice",
        "constraints=[macs <= 1 M, macs >= 2 M]|nothing is at least 2 M and at most 1 M",
        "controller=nsga|'controller' cannot be 'nsga'. Did you mean 'nsga2'?",
        "controller={name: nsga2, population: 1}|'population' cannot be 1",
        "controller={name: random, population: 8}|unknown key 'population' in controller",
        "controller={name: evolution, population: 3, sample: 5}|a sample of 5 does not fit",
        "budget={epochs: 3}|budget needs 'trials' or 'time'",
        "budget={trials: 3}|budget needs 'epochs'",
        "budget={time: 60, epochs: 3}|'time': '60' has no unit",
        "budget={time: -1 h, epochs: 3}|'time' cannot be -1 h",
        "budget={time: 6000 h, epochs: 3}|'time' cannot be 6000 h",
        "budget={trials: 9, epochs: 2, halving: {}}|no rung lies between 1 epochs and the whole 2",
        "budget={trials: 9, epochs: 9, halving: {from: 4}}|no rung lies between 4 epochs and the",
        "budget={trials: 9, epochs: 9, halving: {eta: 1}}|'eta' cannot be 1",
        "budget={trials: 9, epochs: 9, halving: {form: 1}}|unknown key 'form' in halving",
        "budget={trials: 9, epochs: 9, halving: 3}|halving is a group of keys, not '3'",
        "budget=32|budget is a group of keys, not '32'",
        "final={}|final needs 'epochs'",
        "workers={local: 0}|'local' cannot be 0",
        "workers=2|workers is a group of keys, not '2'",
        "engine=pytorch|'engine' cannot be 'pytorch'. Known: onednn, dl4j.",
        "order=random|'order' cannot be 'random'",
        "time_limit=5|'time_limit': '5' has no unit",
        "training={epochs: 3}|'epochs' stands in budget, not in training",
        "training={learning_rate: fast}|'learning_rate' is a number, not 'fast'",
        "training={augmentation: {flip: maybe}}|'flip' cannot be 'maybe'",
        "name=../x|'../x' cannot name a search",
        "seed=1.5|'seed' is a whole number"
      })
  void refuses(String override, String message) {
    assertThatThrownBy(() -> read(SHORT, override)).hasMessageContaining(message);
  }

  @Test
  void findsIdxFilesBesideTheConfig() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    for (String file :
        List.of(
            "train-images-idx3-ubyte.gz",
            "train-labels-idx1-ubyte",
            "t10k-images-idx3-ubyte",
            "t10k-labels-idx1-ubyte.gz")) {
      Files.write(data.resolve(file), new byte[] {0});
    }
    String form = "data={format: idx, name: own, train: %s, test: %s, validation: %s}";

    IdxSource byFolder = (IdxSource) read(SHORT, form.formatted("data", "data", "12.5 %")).data();
    IdxSource byName =
        (IdxSource) read(SHORT, form.formatted("data/train", "data/t10k", 5000)).data();

    assertThat(byFolder.trainImages()).isEqualTo(data.resolve("train-images-idx3-ubyte.gz"));
    assertThat(byFolder.testLabels()).isEqualTo(data.resolve("t10k-labels-idx1-ubyte.gz"));
    assertThat(byFolder.validation()).isEqualTo(new Holdout.Share(0.125));
    assertThat(byName.validation()).isEqualTo(new Holdout.Count(5000));
    assertThat(byName.testImages()).isEqualTo(byFolder.testImages());
  }

  @Test
  void aBegunSearchReadsWithoutItsFiles() throws IOException {
    Path images = Files.write(folder.resolve("i"), new byte[] {0});
    Path labels = Files.write(folder.resolve("l"), new byte[] {0});
    SearchConfig config =
        read(
            SHORT,
            "data={format: idx, train_images: i, train_labels: l, test_images: i, test_labels: l}");
    Files.delete(images);
    Files.delete(labels);

    assertThat(ConfigReader.reread(config.yaml()).data()).isEqualTo(config.data());
    assertThat(((IdxSource) config.data()).trainImages()).isEqualTo(images);
  }

  @Test
  void aFileHasToBeThere() {
    assertThatThrownBy(
            () ->
                read(
                    SHORT,
                    "data={format: idx, train_images: i, train_labels: l, test: t}",
                    "data.format=idx"))
        .message()
        .contains("there is no file 'i'. Check the path; it is looked for in " + folder)
        .contains("there are no IDX files at 't'");
  }
}
