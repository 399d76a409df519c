package io.skyline.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.search.Prefilter;
import io.skyline.scorecard.Metric;
import io.skyline.yaml.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrefilterSectionTest {
  private static final String SHORT =
      """
      data: fashion-mini
      space: mobile
      objectives: [maximize accuracy, minimize macs]
      controller: random
      """;
  private static final String BUDGET = "budget: {trials: 30, epochs: 9}\n";

  @TempDir private Path folder;

  private SearchConfig read(String yaml) throws IOException {
    return ConfigReader.read(
        Files.writeString(folder.resolve("mine.yaml"), SHORT + yaml), List.of());
  }

  @Test
  void readsScoresShareAndBeginningAndHasUsualOnes() throws IOException {
    SearchConfig config =
        read(BUDGET + "prefilter: {scores: [synflow, macs], keep: 0.3, after: 12}\n");

    assertThat(config.search().prefilter())
        .contains(new Prefilter(List.of(Metric.SYNFLOW, Metric.MACS), .3, 12));
    assertThat(ConfigReader.reread(config.yaml()).search()).isEqualTo(config.search());
    assertThat(read(BUDGET + "prefilter: {}\n").search().prefilter())
        .contains(
            new Prefilter(
                List.of(Metric.PARAMETERS, Metric.SYNFLOW, Metric.JACOBIAN_COVARIANCE), .5, 20));
    assertThat(read(BUDGET + "prefilter: {scores: synflow}\n").search().prefilter())
        .contains(new Prefilter(List.of(Metric.SYNFLOW), .5, 20));
  }

  @Test
  void withoutTheSectionEverythingIsTrained() throws IOException {
    assertThat(read(BUDGET).search().prefilter()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prefilter: {scores: [synflow, synflw]}|mine.yaml:6:31: 'scores' cannot be 'synflw'|synflow",
        "prefilter: {scores: [macs, macs]}|mine.yaml:6:28: 'macs' stands twice|Remove",
        "prefilter: {scores: []}|mine.yaml:6:21|",
        "prefilter: {scores: latency}|mine.yaml:6:21: 'scores' cannot be 'latency'|",
        "prefilter: {keep: 0.05}|mine.yaml:6:19: 'keep' cannot be 0.05|between 0.1 and 0.9",
        "prefilter: {keep: 1}|mine.yaml:6:19: 'keep' cannot be 1|between 0.1 and 0.9",
        "prefilter: {after: 2}|mine.yaml:6:20: 'after' cannot be 2|between 5 and",
        "prefilter: {kep: 0.5}|mine.yaml:6:13: unknown key 'kep' in prefilter|keep",
        "prefilter: yes|mine.yaml:6:12: prefilter is a group of keys|keep: 0.5"
      })
  void saysWhatIsWrongAndWhatToWrite(String yaml, String what, String suggestion) {
    assertRefused(BUDGET + yaml, what, suggestion);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inherit: true|'inherit' trains children for longer than their parents, which does not go"
            + " with 'prefilter'",
        "engine: dl4j|the engine 'dl4j' hands out no gradients for 'jacobian_covariance'",
        "sharing: {strategy: spos, steps: 9, batches: 2, candidates: 40}"
            + "|'sharing' derives its trials from shared weights, which does not go with 'prefilter'"
      })
  void refusesWhatItsScoresSayNothingOf(String yaml, String what) {
    assertRefused(BUDGET + "prefilter: {}\n" + yaml, what, "");
  }

  @Test
  void refusesRungsAndGoalsWithoutAQuality() {
    assertRefused(
        "budget: {trials: 30, epochs: 9, halving: {}}\nprefilter: {}\n",
        "mine.yaml:6:12: 'halving' pauses trainings at rungs, which does not go with 'prefilter'",
        "Remove one of them.");
    assertThatThrownBy(
            () ->
                ConfigReader.parse(
                    SHORT.replace("maximize accuracy, ", "") + BUDGET + "prefilter: {}\n", "mine"))
        .hasMessageContaining(
            "mine:6:12: prefilter: no goal tells how well a network does its task");
  }

  @Test
  void itsScoresAreNoGoals() {
    assertThatThrownBy(
            () -> ConfigReader.parse(SHORT.replace("minimize macs", "maximize synflow"), "mine"))
        .hasMessageContaining("synflow guides no search by itself")
        .hasMessageContaining("prefilter.scores");
  }

  private void assertRefused(String yaml, String what, String suggestion) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining(what)
        .hasMessageContaining(suggestion == null ? "" : suggestion);
  }
}
