package io.skyline.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Objective;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.RuntimeBudget;
import io.skyline.yaml.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuntimeSectionTest {
  private static final String SHORT =
      """
      data: fashion-mini
      space: mobile
      controller: random
      budget: {trials: 3, epochs: 1}
      """;

  @TempDir private Path folder;

  private SearchConfig read(String objectives, String more) throws IOException {
    String yaml = SHORT + "objectives: [" + objectives + "]\n" + more;
    return ConfigReader.read(Files.writeString(folder.resolve("mine.yaml"), yaml), List.of());
  }

  @Test
  void modelsAreTunedForTwoSecondsUnlessTheConfigSaysOtherwise() throws IOException {
    assertThat(read("maximize accuracy", "").runtime()).contains(RuntimeBudget.STANDARD);
    assertThat(RuntimeBudget.STANDARD.time()).isEqualTo(Duration.ofSeconds(2));
    assertThat(read("maximize accuracy", "runtime: none").runtime()).isEmpty();
    SearchConfig set = read("maximize accuracy", "runtime: {time: 500 ms, cores: 4}");
    RuntimeBudget budget = new RuntimeBudget(Duration.ofMillis(500), OptionalInt.of(4));
    assertThat(set.runtime()).contains(budget);
    assertThat(ConfigReader.reread(set.yaml()).runtime()).contains(budget);
    assertThat(read("maximize accuracy", "runtime: {cores: 1}").runtime())
        .contains(new RuntimeBudget(Duration.ofSeconds(2), OptionalInt.of(1)));
  }

  @Test
  void throughputIsAnObjectiveAndAConstraint() throws IOException {
    SearchConfig config =
        read(
            "maximize accuracy, maximize throughput",
            "constraints: [throughput >= 2.5 k examples/s]");
    assertThat(config.search().goals().objectives()).contains(new Objective(Metric.THROUGHPUT));
    assertThat(config.search().goals().constraints())
        .containsExactly(new Constraint(Metric.THROUGHPUT, Constraint.Bound.AT_LEAST, 2500));
    assertThat(config.search().latencyInTrials()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "runtime: {time: 2}|mine.yaml:6:17: 'runtime.time': '2' has no unit|2 s",
        "runtime: {time: 1 h}|mine.yaml:6:17: 'runtime.time' cannot be 1 h|runtime: none",
        "runtime: {time: 10 ms}|'runtime.time' cannot be 10 ms|between 100 ms and 10 min",
        "runtime: {cores: 0}|mine.yaml:6:18: 'runtime.cores' cannot be 0|between 1 and 1024",
        "runtime: {threads: 2}|unknown key 'threads' in runtime|time",
        "runtime: fast|runtime is a group of keys|runtime: {time: 2 s}, or runtime: none",
        "constraints: [throughput >= 500]|'500' has no unit|500 examples/s"
      })
  void saysWhatIsWrongAndWhatToWrite(String yaml, String what, String suggestion) {
    assertThatThrownBy(() -> read("maximize accuracy", yaml))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining(what)
        .hasMessageContaining(suggestion);
  }

  @Test
  void aGoalThatIsNotMeasuredIsAMistake() {
    assertThatThrownBy(() -> read("maximize accuracy, maximize throughput", "runtime: none"))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining("mine.yaml:6:10: 'throughput' is a goal, but 'runtime: none'")
        .hasMessageContaining("write runtime: {time: 2 s}.");
  }
}
