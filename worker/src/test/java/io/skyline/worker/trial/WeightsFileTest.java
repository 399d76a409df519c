package io.skyline.worker.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Node;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.recipe.ChannelPruning;
import io.skyline.recipe.LowRank;
import io.skyline.recipe.LowRankPlan;
import io.skyline.recipe.Recipe;
import io.skyline.worker.dl4j.Nets;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import io.skyline.worker.train.OneDnnEngine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsFileTest {
  private static final Normalization NORMALIZATION =
      new Normalization(Collections.nCopies(4, 0f), Collections.nCopies(4, 1f));
  private static final Map<String, float[]> TENSORS = tensors();

  @TempDir Path folder;
  private Path file;

  private static Map<String, float[]> tensors() {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    tensors.put("scores.kernel", new float[] {1.5f, -0f, Float.MIN_VALUE});
    tensors.put("scores.bias", new float[] {0.25f});
    return tensors;
  }

  private static Architecture selecting(Integer... channels) {
    return new Architecture(
        Shape.flat(4),
        List.of(
            new Node("index", new Select(List.of(channels)), List.of(Architecture.INPUT)),
            new Node("scores", new Dense(1, true), List.of("index"))));
  }

  @BeforeEach
  void write() throws Exception {
    file = folder.resolve("weights");
    WeightsFile.write(new Network(selecting(3, 0, 3), new Weights(TENSORS), NORMALIZATION), file);
  }

  private Network read() throws Exception {
    return WeightsFile.read(file, selecting(0, 1, 2), NORMALIZATION);
  }

  @Test
  void readsBackWhatItWroteInOrder() throws Exception {
    Map<String, float[]> read = read().weights().tensors();
    assertThat(read.keySet()).containsExactly("scores.kernel", "scores.bias");
    read.forEach((key, values) -> assertThat(values).isEqualTo(TENSORS.get(key)));
  }

  @Test
  void bringsBackHowManyChannelsWereLeft() throws Exception {
    Network exported = new OneDnnEngine().fresh(hidden(16), NORMALIZATION, 1);
    WeightsFile.write(exported, file);
    assertThat(WeightsFile.read(file, hidden(40), NORMALIZATION).architecture())
        .isEqualTo(hidden(16));
    assertThatThrownBy(() -> WeightsFile.read(file, hidden(8), NORMALIZATION))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("16 of 8 channels cannot be kept");
  }

  /** By energy it is trained kernels that say which layers are two, and of what rank. */
  @Test
  void bringsBackWhichLayersTrainingFactored() throws Exception {
    Architecture trained = Nets.small();
    Recipe recipe =
        new Recipe(
            List.of(
                new LowRank(LowRank.Method.SPATIAL, new LowRank.Energy(0.9), 0),
                new ChannelPruning(0.5, 0)));
    Architecture factored =
        LowRankPlan.most(trained, LowRank.Method.SPATIAL)
            .withRanks(Map.of("wide", 8, "scores", 3))
            .factored();
    Architecture shipped = recipe.steps().get(1).deployed(factored);
    Normalization normalization = new Normalization(List.of(0f), List.of(1f));
    Network network = new OneDnnEngine().fresh(shipped, normalization, 1);
    WeightsFile.write(network, file);
    Set<String> layers = WeightsFile.layers(file);
    assertThat(layers).contains("wide_basis", "scores_basis").doesNotContain("expand_basis");
    Architecture planned = recipe.deployed(trained, layers::contains);
    assertThat(WeightsFile.read(file, planned, normalization).architecture()).isEqualTo(shipped);
  }

  private static Architecture hidden(int features) {
    return new Architecture(
        Shape.flat(4),
        List.of(
            new Node("hidden", new Dense(features, true), List.of(Architecture.INPUT)),
            new Node("scores", new Dense(3, true), List.of("hidden"))));
  }

  @Test
  void bringsBackTheChannelsThatTrainingChose() throws Exception {
    assertThat(read().architecture()).isEqualTo(selecting(3, 0, 3));
  }

  @Test
  void refusesTheWeightsOfAnotherNetwork() {
    Architecture other =
        new Architecture(
            Shape.flat(4),
            List.of(new Node("scores", new Dense(1, true), List.of(Architecture.INPUT))));
    assertThatThrownBy(() -> WeightsFile.read(file, other, NORMALIZATION))
        .isInstanceOf(TaskFailedException.class)
        .hasMessageContaining("scores.kernel has 3 values, not 4");
  }

  @Test
  void refusesEveryCutOffFile() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(this::read)
          .as("the first %d bytes", length)
          .isInstanceOf(TaskFailedException.class)
          .hasMessageStartingWith("artifact weights");
    }
  }

  @Test
  void aLengthBeyondTheFileIsRefusedBeforeItIsAllocated() throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[12 + 2 + "scores.kernel".length()] = 0x7f; // the count's first byte
    Files.write(file, bytes);
    assertThatThrownBy(this::read).hasMessageContaining("announces");
  }
}
