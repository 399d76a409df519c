package io.skyline.worker.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.FashionMini;
import io.skyline.worker.dl4j.ModelZip;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.dl4j.ZippedModel;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.pack.PackedModel;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompressCommandTest extends Commands {
  private static final Examples ALL = FashionMini.read("validation");
  private static final Examples JUDGING = ALL.slice(1400, 1700);

  @TempDir static Path shared;
  private static double before;

  /** A network trained for two epochs, and a folder of IDX files. */
  @BeforeAll
  static void train() throws IOException {
    OneDnnEngine engine = new OneDnnEngine();
    Network fresh = engine.fresh(Nets.small(), new Normalization(List.of(73f), List.of(90f)), 3);
    Network trained =
        engine.train(
            fresh, TrainingPlan.standard(2), ALL.slice(0, 1400), 3, TrainingProgress.SILENT);
    ModelZip.write(trained, shared.resolve("model.zip"));
    Files.writeString(shared.resolve("labels.txt"), "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
    before = Quality.leading(engine.predict(trained, JUDGING), JUDGING);
    Path data = Files.createDirectory(shared.resolve("idx"));
    write(data, "train", ALL.slice(0, 1400));
    write(data, "validation", JUDGING);
    write(data, "t10k", ALL.slice(1700, 2000));
  }

  private static void write(Path folder, String part, Examples examples) throws IOException {
    ByteArrayOutputStream images = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(images);
    for (int header : new int[] {0x803, examples.count(), 28, 28}) {
      out.writeInt(header);
    }
    out.write(examples.pixels());
    Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.toByteArray());
    ByteArrayOutputStream labels = new ByteArrayOutputStream();
    out = new DataOutputStream(labels);
    out.writeInt(0x801);
    out.writeInt(examples.count());
    for (int label : examples.labels()) {
      out.write(label);
    }
    Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.toByteArray());
  }

  private int compress(String recipe, Path target, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of("compress", shared.toString(), "--recipe", file.toString()));
    arguments.addAll(List.of("--data", shared.resolve("idx").toString()));
    arguments.addAll(List.of("--out", target.toString()));
    arguments.addAll(List.of("--cache", shared.resolve("cache").toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  private static double quality(Path onnx) throws IOException {
    try (ModelSession session = ModelSession.load(Files.readAllBytes(onnx))) {
      return Quality.leading(session.predict(JUDGING), JUDGING);
    }
  }

  private static JsonNode card(Path target) throws IOException {
    return new ObjectMapper().readTree(target.resolve("card.json").toFile());
  }

  /** The files are there, fit together and are what the card says. */
  private JsonNode checked(Path target, double zipTolerance) throws IOException {
    JsonNode card = card(target);
    Path onnx = target.resolve("model.onnx");
    assertThat(PackedModel.unpack(target.resolve("model.sky"))).isEqualTo(Files.readAllBytes(onnx));
    JsonNode scorecard = card.path("scorecard");
    assertThat(scorecard.at("/size/value").asLong())
        .isEqualTo(Files.size(target.resolve("model.sky")));
    assertThat(scorecard.at("/accuracy/value").asDouble()).isEqualTo(quality(onnx));
    float[] zipped = ZippedModel.predict(target.resolve("model.zip"), JUDGING);
    assertThat(Quality.leading(zipped, JUDGING)).isCloseTo(quality(onnx), within(zipTolerance));
    assertThat(target.resolve("labels.txt")).hasContent("a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n");
    for (JsonNode stage : card.path("waterfall")) {
      for (String metric : List.of("accuracy", "size", "download", "macs", "peak_memory")) {
        assertThat(stage.at("/" + metric + "/value").asDouble()).as(metric).isPositive();
      }
      assertThat(stage.at("/latency/value").asDouble()).isPositive();
    }
    assertThat(card.at("/waterfall/0/accuracy/value").asDouble()).isCloseTo(before, within(0.004));
    assertThat(scorecard.at("/test_accuracy/value").asDouble()).isBetween(0.3, 1.0);
    return card;
  }

  @Test
  void sharesThePrunedWeightsOfATrainedModel() throws IOException {
    Path target = folder.resolve("small");
    int exit =
        compress(
            "- magnitude-pruning: {share: 0.8, fine_tune_epochs: 2}\n- weight-sharing: {bits: 4}\n",
            target,
            "--tune",
            "--seed",
            "5");
    assertThat(err.toString()).doesNotContain("Exception");
    assertThat(exit).isZero();
    JsonNode card = checked(target, 0.004);
    assertThat(card.path("waterfall")).hasSize(3);
    double first = card.at("/waterfall/0/size/value").asDouble();
    assertThat(first / card.at("/waterfall/2/size/value").asDouble()).isGreaterThan(5);
    assertThat(card.at("/scorecard/accuracy/value").asDouble()).isGreaterThan(before - 0.1);
    assertThat(card.path("seed").asInt()).isEqualTo(5);
    assertThat(out.toString().lines().toList())
        .hasSize(7)
        .satisfies(
            lines -> {
              assertThat(lines.get(0)).contains("after", "accuracy", "size", "latency");
              assertThat(lines.get(1)).contains("trained");
              assertThat(lines.get(3)).contains("weight-sharing(4 bits");
              assertThat(lines.get(4)).contains("in all", " points", "/ ");
              assertThat(lines.get(5)).startsWith("fastest on ");
              assertThat(lines.get(6)).isEqualTo("written to " + target);
            });
    JsonNode runtime = card.path("runtime");
    assertThat(runtime.path("tried")).hasSizeGreaterThan(1);
    assertThat(runtime.at("/throughput/value").asDouble())
        .isPositive()
        .isEqualTo(card.at("/scorecard/throughput/value").asDouble());
    try (var files = Files.list(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
    }

    mistake(target + ": holds something already", again(target));
    byte[] kept = Files.readAllBytes(target.resolve("model.onnx"));
    Files.writeString(target.resolve("notes.txt"), "mine");
    assertThat(compress("- quantization: {to: fp16}\n", target, "--force")).isZero();
    assertThat(Files.readAllBytes(target.resolve("model.onnx"))).isNotEqualTo(kept);
    assertThat(target.resolve("notes.txt")).hasContent("mine");
    assertThat(card(target).has("runtime")).isFalse();
  }

  private String[] again(Path target) {
    return new String[] {
      "compress",
      shared.toString(),
      "--recipe",
      folder.resolve("recipe.yaml").toString(),
      "--data",
      shared.resolve("idx").toString(),
      "--out",
      target.toString()
    };
  }

  @Test
  void removesChannelsAndQuantizes() throws IOException {
    Path target = folder.resolve("int8");
    assertThat(
            compress(
                "[channel-pruning: {ratio: 0.5, fine_tune_epochs: 2}, quantization: {to: int8}]",
                target,
                "--learning-rate",
                "0.005",
                "--batch",
                "32"))
        .as(err.toString())
        .isZero();
    JsonNode card = checked(target, 0.02);
    double macs = card.at("/waterfall/0/macs/value").asDouble();
    assertThat(card.at("/waterfall/1/macs/value").asDouble()).isLessThan(0.6 * macs);
    assertThat(card.at("/scorecard/download/value").asDouble())
        .isLessThan(0.6 * card.at("/waterfall/0/download/value").asDouble());
    assertThat(card.at("/scorecard/accuracy/value").asDouble()).isGreaterThan(before - 0.15);
    assertThat(card.at("/training/learning_rate").asDouble()).isEqualTo(0.005);
    assertThat(card.at("/training/batch").asInt()).isEqualTo(32);
  }

  @Test
  void mistakesAreToldInOneLineAndLeaveNothing() throws IOException {
    Path target = folder.resolve("none");
    String idx = shared.resolve("idx").toString();
    String model = shared.toString();
    Path good = Files.writeString(folder.resolve("good.yaml"), "weights: int8\n");
    Path bad = Files.writeString(folder.resolve("bad.yaml"), "weights: [int8, fp16]\n");
    Path ticket =
        Files.writeString(
            folder.resolve("ticket.yaml"),
            "- magnitude-pruning: {share: 0.8, rewinding: ticket}\n");
    String out = target.toString();
    String[] start = {"compress", model, "--out", out, "--recipe"};
    mistake(bad + ":1:10: 'weights' has several values", with(start, "" + bad, "--data", idx));
    mistake(
        "magnitude-pruning(0.8, global, 1 rounds, 1 epochs, ticket): nobody knows",
        with(start, "" + ticket, "--data", idx));
    mistake(model + ": it lies in no run that has its data", with(start, "" + good));
    mistake(folder + "/no: no such folder", with(start, "" + good, "--data", folder + "/no"));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    mistake(
        empty + ": neither the folder of a run nor one of IDX files",
        with(start, "" + good, "--data", "" + empty));
    mistake(
        "a batch of 4,000 is more than the 1,400 training examples",
        with(start, "" + good, "--data", idx, "--batch", "4000"));
    Path cut = Files.createDirectory(folder.resolve("cut"));
    byte[] images = Files.readAllBytes(shared.resolve("idx/train-images-idx3-ubyte"));
    Files.write(
        cut.resolve("train-images-idx3-ubyte"), java.util.Arrays.copyOf(images, images.length - 7));
    Files.copy(
        shared.resolve("idx/train-labels-idx1-ubyte"), cut.resolve("train-labels-idx1-ubyte"));
    mistake(
        cut + "/train-images-idx3-ubyte: byte 1,097,609: ends there; its header declares 7 bytes",
        with(start, "" + good, "--data", "" + cut));
    mistake(
        empty + ": there is no model.zip",
        "compress",
        "" + empty,
        "--recipe",
        "" + good,
        "--data",
        idx,
        "--out",
        out);
    assertThat(target).doesNotExist();
    try (var files = Files.list(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".part"));
    }
  }

  private static String[] with(String[] start, String... more) {
    return java.util.stream.Stream.concat(
            java.util.Arrays.stream(start), java.util.Arrays.stream(more))
        .toArray(String[]::new);
  }
}
