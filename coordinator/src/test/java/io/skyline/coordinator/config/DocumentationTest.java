package io.skyline.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.controller.ControllerType;
import io.skyline.coordinator.controller.Controllers;
import io.skyline.coordinator.controller.Setting;
import io.skyline.coordinator.controller.SharingStrategies;
import io.skyline.coordinator.controller.SharingStrategyType;
import io.skyline.scorecard.Metric;
import io.skyline.space.CandidateSpace;
import io.skyline.space.SpaceReader;
import io.skyline.yaml.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/ says is so. */
class DocumentationTest {
  private static final Path DOCS = Path.of("../docs");

  private static String firstExample(String document) throws IOException {
    String text = Files.readString(DOCS.resolve(document));
    int start = text.indexOf("```yaml\n") + "```yaml\n".length();
    return text.substring(start, text.indexOf("```", start));
  }

  @Test
  void theExampleSpaceReads() throws IOException {
    CandidateSpace space = SpaceReader.read(firstExample("spaces.md"), "spaces.md");

    assertThat(space.decisions().name()).isEqualTo("tiny");
    assertThat(space.decisions().decisions()).hasSizeGreaterThan(10);
  }

  @Test
  void theExampleConfigReads(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("x.yaml"), firstExample("config.md"));

    SearchConfig config = ConfigReader.read(file, List.of());
    assertThat(config.name()).isEqualTo("fashion");
    assertThat(config.search().goals().constraints()).hasSize(2);
  }

  @Test
  void everyControllerSettingStandsWithItsDefault() throws IOException {
    String text = Files.readString(DOCS.resolve("config.md"));

    for (ControllerType type : Controllers.all()) {
      String row =
          text.lines()
              .filter(l -> l.startsWith("| `" + type.name() + "` |"))
              .findFirst()
              .orElse("");
      assertThat(row).as(type.name()).isNotEmpty();
      for (Setting setting : type.settings()) {
        assertThat(row).contains("`" + setting.name() + "` " + Fields.plain(setting.preset()));
      }
    }
  }

  @Test
  void everySharingSettingStandsWithItsDefault() throws IOException {
    String text = Files.readString(DOCS.resolve("config.md"));
    String shared = text.substring(text.indexOf("## Shared weights"), text.indexOf("## Data"));

    for (SharingStrategyType type : SharingStrategies.all()) {
      String row =
          shared
              .lines()
              .filter(l -> l.startsWith("| `" + type.name() + "` |"))
              .findFirst()
              .orElse("");
      assertThat(row).as(type.name()).isNotEmpty();
      for (Setting setting : type.settings()) {
        assertThat(row).contains("`" + setting.name() + "` " + Fields.plain(setting.preset()));
      }
    }
  }

  @Test
  void everyMetricThatGuidesASearchStandsWithWhenItIsKnown() throws IOException {
    String text = Files.readString(DOCS.resolve("config.md"));

    for (Metric metric : Metric.values()) {
      if (!metric.isTest() && !metric.isProxy()) {
        assertThat(text.lines())
            .anyMatch(
                line ->
                    line.startsWith("| `" + metric.word() + "` |")
                        && line.contains(metric.exactBeforeTraining() ? "exact" : "measured")
                        && line.contains(metric.higherIsBetter() ? "| more |" : "| less |"));
      }
    }
  }
}
