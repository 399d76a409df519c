package io.skyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job, small: real data, real processes, real files. */
final class SearchTest {
  @TempDir private Path folder;

  @Test
  void searchesPublishesAndGoesOnWithABiggerBudget() throws Exception {
    Distribution.run(
            folder,
            "search",
            Distribution.CONFIGS.resolve("fashion.yaml").toString(),
            "--set",
            "budget.trials=3",
            "--set",
            "budget.epochs=1",
            "--set",
            "final.epochs=1")
        .succeeded();

    Path run = folder.resolve("runs").resolve("fashion-1");
    List<String> frontier = Files.readAllLines(run.resolve("frontier.csv"));
    assertThat(frontier).hasSizeGreaterThanOrEqualTo(2);
    assertThat(frontier.get(0)).contains("trial", "accuracy", "latency_us", "size_bytes");
    assertThat(Files.readAllLines(run.resolve("trials.csv"))).hasSize(4);
    assertThat(run.resolve("report.html")).isNotEmptyFile();
    for (String row : frontier.subList(1, frontier.size())) {
      Path model = run.resolve("models").resolve(row.substring(0, row.indexOf(',')));
      assertThat(model.resolve("model.zip")).isNotEmptyFile();
      assertThat(model.resolve("card.json")).isNotEmptyFile();
      assertThat(Files.readAllLines(model.resolve("labels.txt"))).hasSize(10);
      Path unpacked = folder.resolve("unpacked-" + model.getFileName() + ".onnx");
      Distribution.run(
              folder, "unpack", model.resolve("model.sky").toString(), "--out", unpacked.toString())
          .succeeded();
      assertThat(unpacked).hasSameBinaryContentAs(model.resolve("model.onnx"));
    }
    assertThat(Distribution.run(folder, "status").succeeded().output())
        .contains("fashion-1: done", "3 of 3 trials finished");
    assertThat(
            Distribution.run(folder, "frontier", run.toString(), "--format", "csv")
                .succeeded()
                .output())
        .isEqualTo(Files.readString(run.resolve("frontier.csv")));

    modelsAreWhatTheirCardsSay(run, frontier.size() - 1);
    aModelOfTheFrontierIsCompressedOnceMore(run);

    Distribution.run(folder, "resume", run.toString(), "--trials", "+1").succeeded();

    assertThat(Files.readAllLines(run.resolve("trials.csv"))).hasSize(5);
  }

  private void modelsAreWhatTheirCardsSay(Path run, int models) throws Exception {
    String verified = Distribution.run(folder, "verify", run.toString()).succeeded().output();
    assertThat(verified)
        .contains("All " + models + " models are what their cards say.")
        .doesNotContain("DISAGREES");
    assertThat(verified.lines().filter(line -> line.endsWith("agrees"))).hasSize(7 * models);

    Path card = run.resolve("models").resolve(firstModel(run)).resolve("card.json");
    String honest = Files.readString(card);
    Files.writeString(card, honest.replaceFirst("(\"test_accuracy\"[^0-9]*0[.])\\d", "$10"));
    Distribution.Result lied = Distribution.run(folder, "verify", run.toString());
    assertThat(lied.exitCode()).as(lied.output()).isEqualTo(1);
    assertThat(lied.output().lines().filter(line -> line.endsWith("DISAGREES")))
        .singleElement()
        .asString()
        .contains("model.onnx, test");
    Files.writeString(card, honest);
  }

  private void aModelOfTheFrontierIsCompressedOnceMore(Path run) throws Exception {
    Path recipe = folder.resolve("recipe.yaml");
    Files.writeString(
        recipe,
        """
        - magnitude-pruning: {share: 0.8}
        - weight-sharing: {bits: 4}
        """);
    Path model = run.resolve("models").resolve(firstModel(run));
    Path alone = Files.createDirectory(folder.resolve("alone"));
    Files.copy(model.resolve("model.zip"), alone.resolve("model.zip"));
    Files.copy(model.resolve("card.json"), alone.resolve("card.json"));
    Path out = folder.resolve("compressed");
    String[] compress = {
      "compress",
      alone.toString(),
      "--recipe",
      recipe.toString(),
      "--out",
      out.toString(),
      "--data",
      run.toString()
    };

    String said = Distribution.run(folder, compress).succeeded().output();

    assertThat(said).contains("trained", "magnitude-pruning(0.8", "weight-sharing(4");
    assertThat(Files.size(out.resolve("model.sky")))
        .isLessThan(Files.size(model.resolve("model.sky")));
    assertThat(Files.readString(out.resolve("card.json"))).contains("\"waterfall\"");
    Path unpacked = folder.resolve("unpacked-again.onnx");
    String sky = out.resolve("model.sky").toString();
    Distribution.run(folder, "unpack", sky, "--out", unpacked.toString()).succeeded();
    assertThat(unpacked).hasSameBinaryContentAs(out.resolve("model.onnx"));
    Distribution.Result again = Distribution.run(folder, compress);
    assertThat(again.exitCode()).as(again.output()).isEqualTo(2);
    assertThat(again.output()).contains("--force").doesNotContain("Exception");
  }

  private static String firstModel(Path run) throws Exception {
    String row = Files.readAllLines(run.resolve("frontier.csv")).get(1);
    return row.substring(0, row.indexOf(','));
  }
}
