package io.skyline.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.scorecard.Build;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    try (Stream<Path> configs = Files.list(Distribution.CONFIGS)) {
      String[] arguments =
          Stream.concat(
                  Stream.of("validate"),
                  configs.map(Path::toString).filter(name -> name.endsWith(".yaml")))
              .toArray(String[]::new);
      assertThat(Distribution.run(folder, arguments).succeeded().output())
          .doesNotContain("Exception");
    }
  }
}
