package io.skyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.scorecard.Build;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DistributionTest {
  @TempDir private Path folder;

  @Test
  void coordinatorCarriesNoEngineAndWorkerNoAkka() throws IOException {
    assertThat(jars("coordinator"))
        .anyMatch(jar -> jar.startsWith("akka-"))
        .noneMatch(jar -> jar.matches("(nd4j|dnnl|onnxruntime|deeplearning4j|javacpp).*"));
    assertThat(jars("worker"))
        .anyMatch(jar -> jar.startsWith("dnnl"))
        .anyMatch(jar -> jar.startsWith("onnxruntime"))
        .noneMatch(jar -> jar.matches("(akka|h2|slick).*"));
  }

  private static List<String> jars(String room) throws IOException {
    try (Stream<Path> files = Files.list(Distribution.HOME.resolve("lib").resolve(room))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void bothClassPathsTellTheirVersion() throws Exception {
    assertThat(Distribution.run(folder, "--version").succeeded().output())
        .contains(Build.version());
    assertThat(Distribution.run(folder, "worker", "--help").succeeded().output())
        .contains("--join");
  }

  @Test
  void aMistakeInAConfigIsToldWithItsPlaceAndCodeTwo() throws Exception {
    Path config = folder.resolve("wrong.yaml");
    Files.writeString(config, "name: wrong\ndata: fashion-mini\nspace: mobil\n");

    Distribution.Result result = Distribution.run(folder, "search", config.toString());

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.output())
        .contains("wrong.yaml:3:8")
        .contains("mobile")
        .doesNotContain("\tat ");
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void everyConfigThatComesWithSkylineIsValid() throws Exception {
    List<String> ours = new ArrayList<>();
    List<String> needImages = new ArrayList<>();
    try (Stream<Path> configs = Files.list(Distribution.CONFIGS)) {
      for (Path config : configs.filter(c -> c.toString().endsWith(".yaml")).toList()) {
        boolean files = Files.readString(config).contains("format: idx");
        (files ? needImages : ours).add(config.toString());
      }
    }
    assertThat(ours).hasSizeGreaterThan(20);
    assertThat(needImages).hasSizeGreaterThan(3);
    valid(ours);
    needImages.addAll(List.of("--set", "data.path=" + blankImages(folder.resolve("images"))));
    valid(needImages);
  }

  private void valid(List<String> configs) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("validate"));
    arguments.addAll(configs);
    String output = Distribution.run(folder, arguments.toArray(String[]::new)).succeeded().output();
    assertThat(output).doesNotContain("Exception");
  }

  /** A folder of IDX files in MNIST's form and names, as the package or the user would bring it. */
  private static Path blankImages(Path folder) throws IOException {
    Files.createDirectories(folder);
    int count = 6000;
    for (String part : List.of("train", "t10k")) {
      ByteBuffer images = ByteBuffer.allocate(16 + count * 28 * 28);
      images.putInt(0x803).putInt(count).putInt(28).putInt(28);
      ByteBuffer labels = ByteBuffer.allocate(8 + count);
      labels.putInt(0x801).putInt(count);
      for (int i = 0; i < count; i++) {
        labels.put((byte) (i % 10));
      }
      Files.write(folder.resolve(part + "-images-idx3-ubyte"), images.array());
      Files.write(folder.resolve(part + "-labels-idx1-ubyte"), labels.array());
    }
    return folder;
  }
}
