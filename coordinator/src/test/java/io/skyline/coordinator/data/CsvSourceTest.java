package io.skyline.coordinator.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.Feature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSourceTest {
  private static final SplitRule RULE =
      new SplitRule(new Holdout.Share(0.2), new Holdout.Share(0.2), 1);
  private static final String TRAIN =
      """
      id,age,city,"price, total"
      a1,10,Rome,100
      a2,,Oslo,200
      a3,30,"Rome",300
      a4,20,,400
      a5,40,"New \"\"York\"\"\",500
      """;

  @TempDir Path folder;

  private CsvSource source(Map<String, Path> files, boolean regression, boolean skipBad) {
    CsvFormat format =
        new CsvFormat(',', Set.of("", "NA"), "price, total", Map.of("id", CsvFormat.Kind.IGNORE));
    return new CsvSource("houses", files, format, regression, RULE, skipBad);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Map<String, Path> three(String train) throws IOException {
    String header = "id,age,city,\"price, total\"\n";
    return Map.of(
        "train", file("train.csv", train),
        "validation", file("validation.csv", header + "b1,NA,Bonn,7\n"),
        "test", file("test.csv", header + "c1,1e3,Oslo,-8.5\r\n\r\n"));
  }

  private static float[] features(SplitExamples examples, float target) {
    byte[] record = new byte[examples.recordBytes()];
    for (int i = 0; i < examples.count(); i++) {
      if (examples.target(i) == target) {
        examples.read(i, record);
        float[] values = new float[record.length / 4];
        ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
      }
    }
    throw new AssertionError("no example with the target " + target);
  }

  @Test
  void columnsBecomeFeaturesMeasuredOnTrainingDataAlone() throws IOException {
    try (DataSplits splits = source(three(TRAIN), true, false).read()) {
      // the median of 10, 30, 20, 40 that is one of them; 1e3 of the test file plays no part
      assertThat(splits.features())
          .containsExactly(
              new Feature("age", 20),
              new Feature("city=New \"York\"", 0),
              new Feature("city=Oslo", 0),
              new Feature("city=Rome", 0),
              new Feature("city missing or other", 1));
      assertThat(splits.train().shape()).isEqualTo(Shape.flat(5));
      assertThat(splits.train().count()).isEqualTo(5);
      assertThat(features(splits.train(), 100)).containsExactly(10, 0, 0, 1, 0);
      assertThat(features(splits.train(), 200)).containsExactly(20, 0, 1, 0, 0);
      assertThat(features(splits.train(), 400)).containsExactly(20, 0, 0, 0, 1);
      assertThat(features(splits.train(), 500)).containsExactly(40, 1, 0, 0, 0);
      // Bonn is in no training record
      assertThat(features(splits.validation(), 7)).containsExactly(20, 0, 0, 0, 1);
      assertThat(features(splits.test(), -8.5f)).containsExactly(1000, 0, 1, 0, 0);
    }
  }

  @Test
  void theCardNormalisesByTrainingDataAndNamesTheTarget() throws IOException {
    try (ArtifactStore store = ArtifactStore.open(folder.resolve("store"), 1_000_000)) {
      DataCard card = new DataPreparer(store).prepare(source(three(TRAIN), true, false));
      assertThat(card.mean().get(0)).isEqualTo(24);
      // of 10, 20, 30, 20, 40
      assertThat(card.deviation().get(0)).isEqualTo((float) Math.sqrt(104));
      DataCard.NumericTarget target = card.regression().orElseThrow();
      assertThat(target.name()).isEqualTo("price, total");
      assertThat(target.mean()).isEqualTo(300);
      assertThat(target.deviation()).isEqualTo((float) Math.sqrt(20_000));
      assertThat(card.outputs()).isEqualTo(1);
      assertThat(new DataPreparer(store).prepare(source(three(TRAIN), true, false)))
          .isEqualTo(card);
    }
  }

  @Test
  void classesAreTheWordsOfTheTargetNumbersInTheirOrder() throws IOException {
    StringBuilder text = new StringBuilder("id,age,city,\"price, total\"\n");
    for (int i = 0; i < 30; i++) {
      text.append("x,").append(i).append(",Rome,").append(List.of("10", "9", "yes").get(i % 3));
      text.append('\n');
    }
    CsvSource source = source(Map.of("train", file("t.csv", text.toString())), false, false);
    try (DataSplits splits = source.read()) {
      assertThat(splits.classNames()).containsExactly("9", "10", "yes");
      assertThat(splits.train().count()).isEqualTo(18);
      assertThat(splits.validation().count()).isEqualTo(6);
    }
  }

  @Test
  void badRecordsAreNamedByTheirLineOrSkippedAndCounted() throws IOException {
    String bad = TRAIN + "a6,50\na7,60,Rome,unknown\na8,70,Rome,600\n";
    assertThatThrownBy(() -> source(three(bad), true, false).read())
        .isInstanceOf(DataException.class)
        .hasMessageContaining("train.csv, line 7: the record has 2 fields")
        .hasMessageContaining("skip_bad: true");
    try (DataSplits splits = source(three(bad), true, true).read()) {
      assertThat(splits.train().count()).isEqualTo(6);
      assertThat(splits.skipped().count()).isEqualTo(2);
    }
  }

  @Test
  void brokenFilesNameThemselvesAndTheLine() throws IOException {
    Map<String, String> cases =
        Map.of(
            "", "line 1: the file is empty",
            "id,age,id,x\n", "two columns have the same name",
            "id,age,city,cost\n1,2,3,4\n", "there is no column 'price, total'",
            "id,age,city,\"price, total\"\n1,2,\"open,4\n", "line 2: a quote is not closed",
            "id,age,city,\"price, total\"\n1,2,\"a\"b,4\n", "text follows a closing quote");
    for (Map.Entry<String, String> broken : cases.entrySet()) {
      Map<String, Path> files = Map.of("train", file("broken.csv", broken.getKey()));
      assertThatThrownBy(() -> source(files, true, false).read())
          .as(broken.getValue())
          .isInstanceOf(DataException.class)
          .hasMessageContaining("broken.csv")
          .hasMessageContaining(broken.getValue());
    }
    Files.write(folder.resolve("latin.csv"), new byte[] {'a', ',', (byte) 0xe9, '\n'});
    Map<String, Path> latin = Map.of("train", folder.resolve("latin.csv"));
    assertThatThrownBy(() -> source(latin, true, false).read())
        .hasMessageContaining("the text is not UTF-8");
  }

  @Test
  void filesWithOtherColumnsAreRefused() throws IOException {
    Map<String, Path> files =
        Map.of(
            "train", file("train.csv", TRAIN),
            "test", file("test.csv", "age,city,\"price, total\"\n1,Rome,2\n"));
    assertThatThrownBy(() -> source(files, true, false).read())
        .hasMessageContaining("test.csv, line 1: the columns are");
  }
}
