package io.skyline.coordinator.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.TestData;
import io.skyline.coordinator.config.ConfigReader;
import io.skyline.coordinator.config.SearchConfig;
import io.skyline.coordinator.results.RunFolder;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.TaskId;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.yaml.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmStartTest {
  private static final DataCard DATA = TestData.images(28, '1');

  @TempDir private Path folder;
  private final List<String> notices = new ArrayList<>();

  private SearchConfig config(String space, String more, int epochs) throws IOException {
    Path file = folder.resolve("search.yaml");
    Files.writeString(
        file,
        """
        data: fashion-mini
        controller: random
        space: %s
        budget: {trials: 9, epochs: %d}
        %s
        """
            .formatted(space, epochs, more));
    return ConfigReader.read(file, List.of());
  }

  /** An earlier run: trial n has accuracy n/10, but trial 3 diverged, and trial 4 was lost. */
  private static StoredRun stored(SearchConfig config, DataCard data, List<String> genomes) {
    List<SearchEvent> events = new ArrayList<>();
    SearchEvent.Started started =
        new SearchEvent.Started("old-1", config.yaml(), config.space().yaml(), data, 1, "build", 0);
    events.add(started);
    for (int trial = 1; trial <= genomes.size(); trial++) {
      TaskId task = TaskId.train(trial);
      events.add(new SearchEvent.Proposed(trial, trial, genomes.get(trial - 1), 0));
      Scorecard scorecard =
          Scorecard.EMPTY
              .with(Metric.ACCURACY, Measurement.exact(trial / 10.))
              .with(Metric.SIZE, Measurement.exact(1000. * trial))
              .with(Metric.MACS, Measurement.exact(-1));
      events.add(
          switch (trial) {
            case 3 -> new SearchEvent.Failed(task, 1, FailureKind.DIVERGED, "nan", 0);
            case 4 -> new SearchEvent.Failed(task, 1, FailureKind.WORKER_LOST, "gone", 0);
            default -> new SearchEvent.Scored(task, 1, scorecard, List.of(), 0);
          });
    }
    return new StoredRun(config, started, SearchState.of(config.search(), events));
  }

  private static List<String> genomes(SearchConfig config, int count) {
    SplittableRandom random = new SplittableRandom(4);
    List<String> genomes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Genome genome = config.space().decisions().sample(random);
      genomes.add(genome.text());
    }
    return genomes;
  }

  private List<SearchEvent.Learned> learned(SearchConfig config, DataCard data, StoredRun run) {
    return WarmStart.of(
        config, data, Map.of(new RunFolder(folder.resolve("old-1")), run), notices::add);
  }

  @Test
  void givesWhatWasScoredOrDivergedWithItsExactCostsOfNow() throws IOException {
    SearchConfig earlier = config("mobile", "objectives: [maximize accuracy]", 2);
    List<String> genomes = genomes(earlier, 6);
    SearchConfig now = config("mobile", "objectives: [maximize accuracy, minimize macs]", 2);
    List<SearchEvent.Learned> learned = learned(now, DATA, stored(earlier, DATA, genomes));

    assertThat(learned)
        .extracting(SearchEvent.Learned::source)
        .containsExactly("old-1/1", "old-1/2", "old-1/3", "old-1/5", "old-1/6");
    assertThat(learned.get(0).genome()).isEqualTo(genomes.get(0));
    assertThat(learned.get(0).scorecard().value(Metric.ACCURACY)).hasValue(.1);
    assertThat(learned.get(0).scorecard().value(Metric.MACS).orElseThrow()).isPositive();
    assertThat(learned.get(2).failure().orElseThrow().kind()).isEqualTo(FailureKind.DIVERGED);
    assertThat(learned).noneMatch(SearchEvent.Learned::again);
    assertThat(notices).hasSize(1);
    assertThat(notices.get(0)).endsWith("old-1: 5 outcomes");
  }

  @Test
  void marksTheBestByThePresentGoals() throws IOException {
    SearchConfig earlier = config("mobile", "objectives: [maximize accuracy]", 2);
    Files.createDirectories(folder.resolve("old-1"));
    Files.writeString(folder.resolve("old-1/config.yaml"), "");
    SearchConfig now =
        config(
            "mobile",
            """
            objectives: [maximize accuracy]
            constraints: [size <= 5.5 KB]
            warm_start: {runs: [old-1], retrain: true}
            """,
            2);
    assertThat(now.earlier().runs()).containsExactly(folder.resolve("old-1").toAbsolutePath());
    assertThat(ConfigReader.reread(now.yaml()).earlier().runs()).isEqualTo(now.earlier().runs());
    List<SearchEvent.Learned> learned =
        learned(now, DATA, stored(earlier, DATA, genomes(earlier, 6)));
    // trial 6 is more accurate and too large
    assertThat(learned.stream().filter(SearchEvent.Learned::again))
        .extracting(SearchEvent.Learned::source)
        .containsExactly("old-1/5");
  }

  @Test
  void leavesOutWhatIsAnotherCandidateHere() throws IOException {
    String catalog = Files.readString(Path.of("../search-spaces/catalog/mobile.yaml"));
    Files.writeString(
        folder.resolve("narrow.yaml"),
        catalog.replace("stem: {width: [8, 16]", "stem: {width: [8, 24]"));
    Files.writeString(
        folder.resolve("swish.yaml"), catalog.replace("activation: relu", "activation: h-swish"));
    SearchConfig earlier = config("mobile", "objectives: [maximize accuracy]", 2);
    List<String> genomes = genomes(earlier, 40);
    StoredRun run = stored(earlier, DATA, genomes);

    SearchConfig narrow = config("narrow.yaml", "objectives: [maximize accuracy]", 2);
    List<SearchEvent.Learned> fitting = learned(narrow, DATA, run);
    List<String> expected = new ArrayList<>(genomes);
    expected.remove(3); // it was lost
    expected.removeIf(genome -> !genome.contains("stem.width=8"));
    assertThat(fitting).extracting(SearchEvent.Learned::genome).isEqualTo(expected);
    assertThat(expected).hasSizeBetween(5, 35);
    assertThat(notices.get(0))
        .contains(expected.size() + " outcomes; left out: " + (39 - expected.size()) + " are no");

    // the same decisions, and every candidate another one
    SearchConfig swish = config("swish.yaml", "objectives: [maximize accuracy]", 2);
    assertThatThrownBy(() -> learned(swish, DATA, run))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining("none can be used: 39 are no candidates of this space");
  }

  @Test
  void refusesOtherDataAndOtherTraining() throws IOException {
    SearchConfig earlier = config("mobile", "objectives: [maximize accuracy]", 2);
    StoredRun run = stored(earlier, DATA, genomes(earlier, 6));
    assertThatThrownBy(() -> learned(earlier, TestData.images(28, '2'), run))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining("learned other data")
        .hasMessageContaining("Remove it from warm_start");
    SearchConfig longer = config("mobile", "objectives: [maximize accuracy]", 5);
    assertThatThrownBy(() -> learned(longer, DATA, run))
        .hasMessageContaining("trained for 2 epochs a trial, and this search for 5");
    SearchConfig faster =
        config("mobile", "objectives: [maximize accuracy]\ntraining: {learning_rate: 0.5}", 2);
    assertThatThrownBy(() -> learned(faster, DATA, run))
        .hasMessageContaining("trained with other settings");
    SearchConfig latency = config("mobile", "objectives: [maximize accuracy, minimize latency]", 2);
    assertThatThrownBy(() -> learned(latency, DATA, stored(earlier, DATA, genomes(earlier, 2))))
        .hasMessageContaining("of the 2 outcomes")
        .hasMessageContaining("2 lack a goal's number");
  }

  @Test
  void aRunThatIsNotThereIsAProblemOfTheConfig() {
    assertThatThrownBy(
            () ->
                config(
                    "mobile", "objectives: [maximize accuracy]\nwarm_start: [runs/nowhere-1]", 2))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining("search.yaml:6:14")
        .hasMessageContaining("holds no run");
    assertThatThrownBy(
            () -> config("mobile", "objectives: [maximize accuracy]\nevaluations: some", 2))
        .hasMessageContaining("search.yaml:6:14");
  }
}
