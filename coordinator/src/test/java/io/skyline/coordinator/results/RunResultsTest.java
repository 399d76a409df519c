package io.skyline.coordinator.results;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.artifact.ArtifactException;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.SearchState;
import io.skyline.scorecard.BadInputException;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Metric;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunResultsTest {
  @TempDir Path folder;
  private RunFolder run;
  private ArtifactStore store;

  @BeforeEach
  void open() throws IOException {
    run = RunFolder.create(folder, "demo", "name: demo\n");
    store = ArtifactStore.open(run.artifacts(), 1_000_000);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private Searches one() throws IOException {
    return new Searches(Metric.ACCURACY, Metric.SIZE)
        .scored(.8, 20_480, 0, stored("model.onnx", "first"), stored("../../evil", "evil"));
  }

  @Test
  void runsAreNumberedOneAfterTheOther() throws IOException {
    Files.createDirectories(folder.resolve("demo-9"));
    Files.createDirectories(folder.resolve("demo-more-12"));

    RunFolder next = RunFolder.create(folder, "demo", "name: demo # again\n");

    assertThat(run.name()).isEqualTo("demo-1");
    assertThat(next.name()).isEqualTo("demo-10");
    assertThat(next.config()).hasContent("name: demo # again\n");
    assertThat(RunFolder.open(next.path())).isEqualTo(next);
  }

  @Test
  void aFolderWithoutARunIsRefused() {
    assertThatThrownBy(() -> RunFolder.open(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds no run");
    assertThatThrownBy(() -> RunFolder.create(folder, "../demo", ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void writesTablesReportAndTheModelsOfMembers() throws IOException {
    new RunResults(run, store).write(one().state());

    assertThat(names(run.path()))
        .containsExactlyInAnyOrder(
            "config.yaml",
            "artifacts",
            "trials.csv",
            "frontier.csv",
            "frontier.json",
            "report.html",
            "models");
    assertThat(names(run.model(1))).containsExactly("model.onnx");
    assertThat(run.model(1).resolve("model.onnx")).hasContent("first");
  }

  @Test
  void publishesWhatTheTestOfAMemberAddsAndReplaces() throws IOException {
    SearchState state =
        new Searches(Metric.ACCURACY, Metric.SIZE)
            .scored(.8, 20_480, 0, stored("model.onnx", "first"), stored("card.json", "early"))
            .closed()
            .measured(1, 123)
            .tested(1, .79, stored("card.json", "final"), stored("model.zip", "dl4j"))
            .state();
    new RunResults(run, store).write(state);

    assertThat(names(run.model(1)))
        .containsExactlyInAnyOrder("model.onnx", "card.json", "model.zip");
    assertThat(run.model(1).resolve("card.json")).hasContent("final");
    assertThat(run.path().resolve("frontier.csv")).content().contains("\n1,0.8,0.79,");
    assertThat(run.path().resolve("frontier.csv")).content().doesNotContain("123");
    assertThat(run.path().resolve("frontier.json")).content().contains("123.0");
  }

  @Test
  void writingAgainChangesNothing() throws IOException {
    SearchState state = one().state();
    new RunResults(run, store).write(state);
    byte[] report = Files.readAllBytes(run.path().resolve("report.html"));
    Files.writeString(run.model(1).resolve("model.onnx"), "damaged");
    Files.writeString(run.model(1).resolve(".artifact123.part"), "a crash");

    new RunResults(run, store).write(state);

    assertThat(Files.readAllBytes(run.path().resolve("report.html"))).isEqualTo(report);
    assertThat(names(run.model(1))).containsExactly("model.onnx");
    assertThat(run.model(1).resolve("model.onnx")).hasContent("first");
  }

  @Test
  void modelsThatLeaveTheFrontierAreRemovedUnlessSomebodyUsesTheirFolder() throws IOException {
    Searches search = one().scored(.7, 10_000, 0, stored("model.onnx", "second"));
    new RunResults(run, store).write(search.state());
    Files.writeString(run.model(2).resolve("notes.txt"), "mine");

    new RunResults(run, store).write(search.scored(.9, 9_000, 0).state());

    assertThat(run.model(1)).doesNotExist();
    assertThat(names(run.model(2))).containsExactly("notes.txt");
    assertThat(run.model(3)).isDirectory();
  }

  @Test
  void aMissingArtifactIsNamed() {
    Artifact lost = new Artifact("model.onnx", "d".repeat(64), 5);
    SearchState state =
        new Searches(Metric.ACCURACY, Metric.SIZE).scored(.8, 20_480, 0, lost).state();

    assertThatThrownBy(() -> new RunResults(run, store).write(state))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("d".repeat(64));
  }

  @Test
  void theReportStandsAloneAndEscapesWhatItShows() throws Exception {
    SearchState state = one().failed(FailureKind.CRASHED, "<script>alert(1)</script>").state();
    new RunResults(run, store).write(state);
    String html = Files.readString(run.path().resolve("report.html"));

    assertThat(html)
        .contains("name: demo # &lt;b&gt;bold&lt;/b&gt;", "&lt;script&gt;", "80.00 %", "kernel=3")
        .doesNotContain("<script", "<link", "src=", "@import");
    svgs(html).forEach(RunResultsTest::assertWellFormed);
    assertThat(svgs(html).toList()).hasSize(2);
  }

  @Test
  void thePictureShowsAPanelForEachFurtherObjective() throws IOException {
    SearchState two = one().scored(.9, 90_000, 0).state();
    SearchState three =
        new Searches(Metric.ACCURACY, Metric.SIZE, Metric.LATENCY).scored(.8, 20_480, 150).state();
    SearchState none = new Searches(Metric.ACCURACY).state();

    assertThat(picture(two).getWidth()).isEqualTo(2 * Plot.WIDTH);
    assertThat(picture(three).getWidth()).isEqualTo(4 * Plot.WIDTH);
    assertThat(picture(none).getWidth()).isEqualTo(2 * Plot.WIDTH);
    assertThat(pixels(picture(two), Drawing.Ink.MEMBER))
        .isGreaterThan(3 * pixels(picture(three), Drawing.Ink.MEMBER) / 4)
        .isPositive();
    assertThat(pixels(picture(none), Drawing.Ink.MEMBER)).isZero();
  }

  private static long pixels(BufferedImage image, Drawing.Ink ink) {
    long count = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        count += (image.getRGB(x, y) & 0xffffff) == ink.rgb() ? 1 : 0;
      }
    }
    return count;
  }

  private static BufferedImage picture(SearchState state) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(FrontierPicture.png(state)));
  }

  private static void assertWellFormed(String svg) {
    try {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
    } catch (Exception e) {
      throw new AssertionError(svg, e);
    }
  }

  private Artifact stored(String name, String content) throws IOException {
    byte[] bytes = content.getBytes(UTF_8);
    return new Artifact(name, store.put(bytes), bytes.length);
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static Stream<String> svgs(String html) {
    return Pattern.compile("<svg.*?</svg>", Pattern.DOTALL)
        .matcher(html)
        .results()
        .map(MatchResult::group);
  }
}
