package io.skyline.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.search.SharingSettings;
import io.skyline.scorecard.Metric;
import io.skyline.yaml.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharingSectionTest {
  private static final String SHORT =
      """
      data: fashion-mini
      space: cell
      objectives: [maximize accuracy, minimize macs]
      constraints: [macs <= 3 M, size <= 90 KiB]
      budget: {trials: 3, epochs: 1}
      """;
  private static final String SPOS =
      "sharing: {strategy: spos, steps: 9, batches: 2, candidates: 7, population: 4}\n";

  @TempDir private Path folder;

  private SearchConfig read(String yaml) throws IOException {
    return ConfigReader.read(Files.writeString(folder.resolve("mine.yaml"), yaml), List.of());
  }

  @Test
  void readsStrategyStepsAndSettings() throws IOException {
    SearchConfig config = read(SHORT + SPOS);

    assertThat(config.search().sharing()).contains(new SharingSettings(9, 2, 7, 2, 256, 8));
    SharingStrategySettings strategy = config.sharing().orElseThrow();
    assertThat(strategy.type().name()).isEqualTo("spos");
    assertThat(strategy.values()).isEqualTo(Map.of("population", 4.0));
    assertThat(ConfigReader.reread(config.yaml()).sharing()).isEqualTo(config.sharing());
    assertThat(strategy.create(config.space().decisions(), 1).derivation()).isNotNull();
  }

  @Test
  void limitsThatNothingForetellsAreLeftToTheTrials() throws IOException {
    SearchConfig config = read(SHORT + SPOS);

    assertThat(config.sharing().orElseThrow().goals().mention(Metric.SIZE)).isFalse();
    assertThat(config.sharing().orElseThrow().goals().constraints()).hasSize(1);
    assertThat(config.search().goals().mention(Metric.SIZE)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sharing: {strategy: enass, steps: 1, batches: 1, candidates: 3}"
            + "|mine.yaml:6:21: 'strategy' cannot be 'enass'|enas",
        "sharing: {strategy: enas, steps: 0, batches: 1, candidates: 3}"
            + "|mine.yaml:6:34: 'steps' cannot be 0|between 1 and",
        "sharing: {strategy: enas, batches: 1, candidates: 3}"
            + "|mine.yaml:6:10: sharing needs 'steps'|steps: 300",
        "sharing: {strategy: random, steps: 1, batches: 1, candidates: 3, hidden: 8}"
            + "|mine.yaml:6:66: unknown key 'hidden' in sharing|",
        "sharing: {strategy: enas, steps: 1, batches: 1, candidates: 3, bound: 0}"
            + "|mine.yaml:6:71: 'bound' cannot be 0|between 0.1 and 100",
        "sharing: {strategy: enas, steps: 1, batches: 1, candidates: 2}"
            + "|mine.yaml:6:10: sharing: 3 trials are wanted of 2 candidates|Raise 'candidates'",
        "sharing: yes|sharing is a group of keys|strategy: enas"
      })
  void saysWhatIsWrongAndWhatToWrite(String yaml, String what, String suggestion) {
    assertThatThrownBy(() -> read(SHORT + yaml))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining(what)
        .hasMessageContaining(suggestion == null ? "" : suggestion);
  }

  @Test
  void aControllerHasNothingToPropose() {
    assertThatThrownBy(() -> read(SHORT + SPOS + "controller: random\n"))
        .hasMessageContaining("mine.yaml:7:13: 'controller' proposes nothing where 'sharing' does");
  }

  @Test
  void whatSharedWeightsCannotTellIsNoObjective() {
    String size = SHORT.replace("minimize macs", "minimize size");
    assertThatThrownBy(() -> read(size + SPOS))
        .hasMessageContaining("'size' is an objective, but shared weights tell nothing of it");
    String latency = SHORT.replace("minimize macs", "minimize latency");
    assertThatThrownBy(() -> read(latency + SPOS)).hasMessageContaining("Name a 'device'");
    String costs = SHORT.replace("maximize accuracy, ", "");
    assertThatThrownBy(() -> read(costs + SPOS))
        .hasMessageContaining("no objective tells how well a network does its task");
    String time = SHORT.replace("trials: 3", "time: 1 h");
    assertThatThrownBy(() -> read(time + SPOS)).hasMessageContaining("the budget is a time");
    assertThatThrownBy(() -> read(SHORT + SPOS + "engine: dl4j\n"))
        .hasMessageContaining("does not share weights");
  }
}
