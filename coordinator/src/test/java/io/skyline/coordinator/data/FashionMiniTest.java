package io.skyline.coordinator.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.Split;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMiniTest {
  private static final Path OFFICIAL = Path.of("/usr/share/datasets/fashion-mnist");

  @Test
  void preparesToPinnedDigests(@TempDir Path folder) throws IOException {
    DataCard card;
    try (ArtifactStore store = ArtifactStore.open(folder, 100_000_000)) {
      card = new DataPreparer(store).prepare(new EmbeddedSource("fashion-mini"));
      try (InputStream train = store.get(card.train().digest())) {
        assertThat(train.readAllBytes()).hasSize((int) card.train().bytes());
      }
    }

    assertThat(card.name()).isEqualTo("fashion-mini");
    assertThat(card.input()).isEqualTo(new Shape(1, 28, 28));
    assertThat(card.classNames()).hasSize(10).startsWith("T-shirt/top").endsWith("Ankle boot");
    assertThat(card.train())
        .isEqualTo(
            new Split(
                "f1cc130587bddb682ccb773ffc6225463d02d958e017e671376335fbf5ea5ad5",
                8_000,
                6_304_470));
    assertThat(card.validation())
        .isEqualTo(
            new Split(
                "e4681634259465ece6b4b90aa5e27386aa235614be61a18eb1cf4aa45ea63080",
                2_000,
                1_576_470));
    assertThat(card.test())
        .isEqualTo(
            new Split(
                "522844fc30ba719593200b21249e539f7ecf33858a539ed0f17df7c14537c360",
                5_000,
                3_940_470));
    // The whole training set has mean 72.9404 and deviation 90.0212.
    assertThat(card.mean().get(0)).isCloseTo(72.94f, within(0.5f));
    assertThat(card.deviation().get(0)).isCloseTo(90.02f, within(0.5f));
  }

  @Test
  void hasAsManyImagesOfEachClassInEverySplit() {
    DataSplits splits = new EmbeddedSource("fashion-mini").read();

    assertThat(perClass((LabelledImages) splits.train())).containsOnly(800).hasSize(10);
    assertThat(perClass((LabelledImages) splits.validation())).containsOnly(200).hasSize(10);
    assertThat(perClass((LabelledImages) splits.test())).containsOnly(500).hasSize(10);
  }

  @Test
  void sharesNoImageBetweenTrainingAndValidationOrTest() {
    DataSplits splits = new EmbeddedSource("fashion-mini").read();
    Set<String> train = distinct((LabelledImages) splits.train());

    assertThat(train).hasSize(8_000);
    assertThat(distinct((LabelledImages) splits.validation()))
        .hasSize(2_000)
        .doesNotContainAnyElementsOf(train);
    assertThat(distinct((LabelledImages) splits.test())).doesNotContainAnyElementsOf(train);
  }

  @Test
  void isWhatItsGeneratorDraws() {
    assumeTrue(Files.isDirectory(OFFICIAL), "needs Debian's dataset-fashion-mnist");
    Map<String, LabelledImages> drawn = FashionMiniGenerator.draw(OFFICIAL);
    DataSplits splits = new EmbeddedSource("fashion-mini").read();

    assertSame((LabelledImages) splits.train(), drawn.get("train"));
    assertSame((LabelledImages) splits.validation(), drawn.get("validation"));
    assertSame((LabelledImages) splits.test(), drawn.get("test"));
  }

  @Test
  void staysUnderEightMegabytesAndBringsItsLicence() throws IOException {
    long bytes = 0;
    for (String part : List.of("train", "validation", "test")) {
      bytes += RawFile.embedded("fashion-mini/" + part + "-images-idx3-ubyte.gz").bytes();
      bytes += RawFile.embedded("fashion-mini/" + part + "-labels-idx1-ubyte.gz").bytes();
    }
    assertThat(bytes).isLessThan(8_000_000);
    try (InputStream licence = getClass().getResourceAsStream("fashion-mini/LICENSE")) {
      assertThat(licence).asString(java.nio.charset.StandardCharsets.UTF_8).contains("Zalando SE");
    }
  }

  @Test
  void knowsNoOtherName() {
    assertThatThrownBy(() -> new EmbeddedSource("fashion"))
        .isInstanceOf(DataException.class)
        .hasMessage("there is no embedded data set 'fashion'; use one of [fashion-mini]");
  }

  private static int[] perClass(LabelledImages images) {
    int[] counts = new int[10];
    Arrays.stream(images.labels()).forEach(label -> counts[label]++);
    return counts;
  }

  private static Set<String> distinct(LabelledImages images) {
    int stride = (int) images.shape().elements();
    Set<String> distinct = new HashSet<>();
    for (int i = 0; i < images.count(); i++) {
      distinct.add(new String(images.pixels(), i * stride, stride, ISO_8859_1));
    }
    return distinct;
  }

  private static void assertSame(LabelledImages actual, LabelledImages expected) {
    assertThat(Arrays.equals(actual.pixels(), expected.pixels())).isTrue();
    assertThat(actual.labels()).isEqualTo(expected.labels());
  }
}
