package io.skyline.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Shape;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code skyline predict} for rows of tables. */
class PredictTablesTest extends Commands {
  private Path table() throws IOException {
    return table("zone");
  }

  /**
   * A model that adds up its features, in a folder with a card.
   *
   * @param zone name of a column of categories
   */
  private Path table(String zone) throws IOException {
    SampleNetworks net = new SampleNetworks(Shape.flat(4));
    net.then(new Flatten());
    net.then(new Dense(1, false));
    float[] kernel = {1, 10, 100, 1000};
    Network network =
        new Network(
            net.architecture(),
            new Weights(Map.of("n1.kernel", kernel)),
            new Normalization(
                List.of(0f, 0f, 0f, 0f),
                List.of(1f, 1f, 1f, 1f),
                Optional.of(new Normalization.Target(0, 1))));
    Path model = Files.createDirectories(folder.resolve("table"));
    Files.write(model.resolve("model.onnx"), OnnxWriter.write(network, Encoding.FLOAT32));
    Files.writeString(model.resolve("labels.txt"), "price\n");
    Files.writeString(
        model.resolve("card.json"),
        """
        {"data": {"features": [
          {"name": "age", "missing": 7},
          {"name": "%1$s=a", "missing": 0},
          {"name": "%1$s=b, c", "missing": 0},
          {"name": "%1$s missing or other", "missing": 1}]}}
        """
            .formatted(zone));
    return model;
  }

  /** What the model of {@link #table(String)} says of rows. */
  private String predicted(String zone, String rows) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.csv"), rows);
    assertThat(run("predict", table(zone).toString(), file.toString())).isZero();
    return out.toString();
  }

  @Test
  void takesTheRowsOfATableByTheNamesOfItsColumns() throws IOException {
    String model = table().toString();
    Path rows = folder.resolve("rows.csv");
    Files.writeString(rows, "id,zone,age\nx,a,2\ny,\"b, c\",NA\nz,?,0.5\n");
    assertThat(run("predict", model, rows.toString())).isZero();
    assertThat(out.toString().lines())
        .containsExactly(
            rows + ", row 1",
            "  price = 12.0",
            rows + ", row 2",
            "  price = 107.0",
            rows + ", row 3",
            "  price = 1000.5");
  }

  @Test
  void takesTheFeaturesOfATableThemselves() throws IOException {
    assertThat(predicted("zone", "zone missing or other,\"zone=b, c\",zone=a,age\n0,0,1,3\n"))
        .contains("price = 13.0");
  }

  @Test
  void aTableThatDoesNotFitIsToldWithItsLine() throws IOException {
    String model = table().toString();
    Path rows = folder.resolve("rows.csv");
    Files.writeString(rows, "age,zone\n1,a\ntwo,a\n");
    assertThat(run("predict", model, rows.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("rows.csv:3: 'age' is 'two', not a number");
    Files.writeString(rows, "Age,zone\n1,a\n");
    assertThat(run("predict", model, rows.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("rows.csv:1: the header lacks age; it has Age, zone");
    Files.writeString(rows, "age,zone\n1\n");
    assertThat(run("predict", model, rows.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("rows.csv:2: has 1 fields, the header 2");
    Files.delete(Path.of(model, "card.json"));
    assertThat(run("predict", model, rows.toString())).isEqualTo(2);
    assertThat(err.toString()).contains("a table needs the model's card.json");
  }

  @Test
  void namesOfColumnsMayHaveTheSignOfACategory() throws IOException {
    assertThat(predicted("size=cm", "size,size=cm,age\nx,a,2\ny,7,1\n"))
        .contains("row 1\n  price = 12.0", "row 2\n  price = 1001.0");
  }

  @Test
  void aQuoteInsideAFieldIsACharacter() throws IOException {
    assertThat(predicted("zone", "note,age,zone\n3.5\" disk,2,a\n")).contains("price = 12.0");
  }

  @Test
  void aTableThatCannotBeReadIsToldInOneLine() throws IOException {
    String model = table().toString();
    Path rows = folder.resolve("rows.csv");
    Files.write(rows, new byte[] {'a', 'g', 'e', ',', (byte) 0xE9, '\n', '1', ',', '2', '\n'});
    mistake(rows + ": the text is not UTF-8", "predict", model, rows.toString());
    Files.writeString(rows, "age,zone,age\n1,a,2\n");
    mistake(rows + ":1: two columns are named 'age'", "predict", model, rows.toString());
    Files.writeString(rows, "age,zone\n\n  \n");
    mistake(rows + ": has no row below its header", "predict", model, rows.toString());
  }
}
