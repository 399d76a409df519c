package io.skyline.coordinator.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.scorecard.DataCard;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataPreparerTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    LabelledImages train = IdxSourceProperties.random(300, new Shape(1, 6, 5), 3, 1);
    LabelledImages test = IdxSourceProperties.random(60, new Shape(1, 6, 5), 3, 2);
    Files.write(folder.resolve("train-images.gz"), IdxFiles.gzip(IdxFiles.images(train)));
    Files.write(folder.resolve("train-labels"), IdxFiles.labels(train.labels()));
    Files.write(folder.resolve("test-images"), IdxFiles.images(test));
    Files.write(folder.resolve("test-labels.gz"), IdxFiles.gzip(IdxFiles.labels(test.labels())));
  }

  @Test
  void givesTheSameDigestsForTheSameSeedAndOthersForAnother() throws IOException {
    DataCard card = prepare(7);

    assertThat(prepare(7)).isEqualTo(card);
    assertThat(prepare(8).train().digest()).isNotEqualTo(card.train().digest());
    assertThat(prepare(8).validation().digest()).isNotEqualTo(card.validation().digest());
    assertThat(prepare(8).test()).isEqualTo(card.test());
  }

  @Test
  void splitsTheTrainingFilesAndKeepsTheTestFilesWhole() throws IOException {
    DataCard card = prepare(7);

    assertThat(card.train().examples()).isEqualTo(240);
    assertThat(card.validation().examples()).isEqualTo(60);
    assertThat(card.test().examples()).isEqualTo(60);
    assertThat(card.classNames()).containsExactly("0", "1", "2");
    assertThat(card.input()).isEqualTo(new Shape(1, 6, 5));
  }

  @Test
  void measuresMeanAndDeviationOfEachChannel() {
    byte[] pixels = {0, 100, 17, 17, (byte) 200, (byte) 100, 17, 17};
    LabelledImages images = new LabelledImages(new Shape(2, 1, 2), pixels, new int[] {0, 1});

    Distribution statistics = Distribution.of(images);

    assertThat(statistics.mean()).containsExactly(100f, 17f);
    // ((-100)^2 + 0 + 100^2 + 0) / 4 = 5000; the second channel is constant
    assertThat(statistics.deviation()).containsExactly((float) Math.sqrt(5000), 1f);
  }

  @Test
  void writesTheNpzThatWorkersRead() throws IOException {
    byte[] pixels = {1, 2, 3, 4, 5, 6, (byte) 250, (byte) 251, (byte) 252, 10, 11, 12};
    LabelledImages images = new LabelledImages(new Shape(1, 2, 3), pixels, new int[] {3, 1});
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    NpzWriter.write(images, false, bytes);

    // The worker's PreparedSplitTest reads the very same file.
    try (var expected = getClass().getResourceAsStream("two-images.npz")) {
      assertThat(bytes.toByteArray()).isEqualTo(expected.readAllBytes());
    }
  }

  private DataCard prepare(long seed) throws IOException {
    IdxSource source =
        new IdxSource(
            "random",
            folder.resolve("train-images.gz"),
            folder.resolve("train-labels"),
            folder.resolve("test-images"),
            folder.resolve("test-labels.gz"),
            new Holdout.Share(0.2),
            seed,
            List.of());
    try (ArtifactStore store = ArtifactStore.open(folder.resolve("store"), 1_000_000)) {
      DataCard card = new DataPreparer(store).prepare(source);
      for (DataCard.Split split : List.of(card.train(), card.validation(), card.test())) {
        assertThat(store.bytes(split.digest())).isEqualTo(split.bytes());
      }
      return card;
    }
  }
}
