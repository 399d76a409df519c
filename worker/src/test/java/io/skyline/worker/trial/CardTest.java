package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quantization(int8) | true",
        "channel-pruning(0.5, 1 epochs), quantization(int8, kl-divergence, 4 epochs) | true",
        "quantization(int8-dynamic) | true",
        "quantization(int8-weights) | false",
        "quantization(fp16) | false",
        "none | false"
      })
  void tellsModelsThatComputeWithBytes(String recipe, boolean expected, @TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("card.json");
    Files.writeString(file, "{\"recipe\": \"" + recipe + "\"}");
    assertThat(Card.read(file).isInt8()).isEqualTo(expected);
  }
}
