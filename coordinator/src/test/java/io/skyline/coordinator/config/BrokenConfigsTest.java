package io.skyline.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.yaml.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each broken config beside its golden message, in which {@code {folder}} is the folder's path. */
class BrokenConfigsTest {
  private static final Path FOLDER =
      Path.of("src/test/resources/io/skyline/coordinator/config/broken");

  static List<Path> configs() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("configs")
  void saysWhereWhatAndWhatToDo(Path config) throws IOException {
    Path golden = Path.of(config.toString().replace(".yaml", ".txt"));

    assertThatThrownBy(() -> ConfigReader.read(config, List.of()))
        .isInstanceOfSatisfying(
            InvalidDocumentException.class,
            e -> {
              String message = String.valueOf(e.getMessage()) + "\n";
              String neutral =
                  message
                      .replace(FOLDER.toAbsolutePath().toString(), "{folder}")
                      .replace(FOLDER + "/", "");
              assertThat(neutral).isEqualTo(read(golden));
            });
  }

  @Test
  void thereAreTen() throws IOException {
    assertThat(configs()).hasSize(10);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
