package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.worker.network.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFileTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void write() throws Exception {
    file = folder.resolve("weights");
    Map<String, float[]> tensors = new LinkedHashMap<>();
    tensors.put("stem.kernel", new float[] {1.5f, -0f, Float.MIN_VALUE});
    tensors.put("head.bias", new float[0]);
    WeightsFile.write(new Weights(tensors), file);
  }

  @Test
  void readsBackWhatItWroteInOrder() throws Exception {
    Map<String, float[]> read = WeightsFile.read(file).tensors();
    assertThat(read.keySet()).containsExactly("stem.kernel", "head.bias");
    assertThat(read.get("stem.kernel")).containsExactly(1.5f, -0f, Float.MIN_VALUE);
    assertThat(read.get("head.bias")).isEmpty();
  }

  @Test
  void refusesEveryCutOffFile() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> WeightsFile.read(file))
          .as("the first %d bytes", length)
          .isInstanceOf(TaskFailedException.class)
          .hasMessageStartingWith("artifact weights");
    }
  }

  @Test
  void aLengthBeyondTheFileIsRefusedBeforeItIsAllocated() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[12 + 2 + "stem.kernel".length()] = 0x7f; // the count's first byte
    Files.write(file, bytes);
    assertThatThrownBy(() -> WeightsFile.read(file)).hasMessageContaining("announces");
  }
}
