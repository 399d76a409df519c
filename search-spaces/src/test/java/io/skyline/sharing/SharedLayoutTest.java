package io.skyline.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.Split;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SharedLayoutTest {
  private static final DataCard DATA = data();
  private static final List<CandidateSpace> SPACES =
      List.of(
          Catalog.space("cell"),
          Catalog.space("macro"),
          Catalog.space("mobile"),
          Catalog.space("shuffle"),
          Catalog.space("exits"));

  private static DataCard data() {
    Split none = new Split("0", 1, 1);
    List<String> classes = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    return new DataCard(
        "test", new Shape(1, 28, 28), classes, List.of(1f), List.of(1f), none, none, none);
  }

  private static Architecture network(CandidateSpace space, Genome genome) {
    return space.decode(genome, DATA, TrainingPlan.standard(1)).architecture();
  }

  private static Architecture network(CandidateSpace space, long seed) {
    return network(space, space.decisions().sample(new SplittableRandom(seed)));
  }

  /** A genome of these values; decisions that are not named take their first one. */
  private static Architecture network(String name, Map<String, String> values) {
    CandidateSpace space = Catalog.space(name);
    SearchSpace decisions = space.decisions();
    int[] choices =
        decisions.decisions().stream()
            .mapToInt(d -> Math.max(0, d.values().indexOf(values.getOrDefault(d.name(), ""))))
            .toArray();
    return network(space, decisions.genome(choices));
  }

  private static Set<String> keys(Architecture network) {
    return SharedLayout.of(network).operations().stream()
        .map(SharedOperation::key)
        .collect(Collectors.toSet());
  }

  @Property(tries = 40)
  void everyTrainedNumberBelongsToOneOperation(
      @ForAll @IntRange(max = 4) int space, @ForAll long seed) {
    Architecture network = network(SPACES.get(space), seed);
    SharedLayout layout = SharedLayout.of(network);
    Map<String, float[]> tensors = new LinkedHashMap<>();
    float next = 1;
    int trained = 0;
    for (Node node : network.nodes()) {
      for (Parameter parameter : network.parameters(node)) {
        float[] values = new float[parameter.size()];
        for (int i = 0; parameter.trained() && i < values.length; i++) {
          values[i] = next++;
          trained++;
        }
        tensors.put(node.name() + "." + parameter.name(), values);
      }
    }

    Map<String, float[]> vectors = layout.vectors(tensors);

    BitSet seen = new BitSet(trained + 1);
    for (float[] vector : vectors.values()) {
      for (float value : vector) {
        assertThat(seen.get((int) value)).isFalse();
        seen.set((int) value);
      }
    }
    assertThat(seen.cardinality()).isEqualTo(trained);
    assertThat(seen.get(0)).isFalse();
    Map<String, float[]> back = layout.tensors(vectors);
    assertThat(back.keySet()).isEqualTo(tensors.keySet());
    tensors.forEach(
        (key, values) -> {
          if (key.endsWith(".variance")) {
            assertThat(back.get(key)).containsOnly(1f);
          } else {
            assertThat(back.get(key)).as(key).isEqualTo(values);
          }
        });
    assertThat(keys(network)).hasSize(layout.operations().size());
  }

  @Property(tries = 40)
  void equalKeysMeanEqualNumbers(
      @ForAll @IntRange(max = 4) int space, @ForAll long one, @ForAll long other) {
    Map<String, Integer> lengths = new HashMap<>();
    for (long seed : new long[] {one, other}) {
      for (SharedOperation operation :
          SharedLayout.of(network(SPACES.get(space), seed)).operations()) {
        Integer known = lengths.put(operation.key(), operation.length());
        assertThat(known == null || known == operation.length()).as(operation.key()).isTrue();
        assertThat(operation.initial(3)).hasSize(operation.length());
      }
    }
  }

  @Example
  void theSameOperationAtTheSamePlaceIsSharedWhateverStandsElsewhere() {
    Map<String, String> base = Map.of("normal.node1.op1", "sep3", "normal.node2.op1", "sep5");
    Map<String, String> elsewhere = new HashMap<>(base);
    elsewhere.put("normal.node2.op1", "max3");
    Set<String> shared = keys(network("cell", base));
    shared.retainAll(keys(network("cell", elsewhere)));

    assertThat(shared).anyMatch(key -> key.startsWith("cell1_node1_a_dw/"));
    assertThat(shared).anyMatch(key -> key.startsWith("stem"));
    assertThat(shared).noneMatch(key -> key.startsWith("cell1_node2_a_dw/"));
  }

  @Example
  void anotherOperationAtTheSamePlaceIsNotShared() {
    Set<String> three = keys(network("cell", Map.of("normal.node1.op1", "sep3")));
    Set<String> five = keys(network("cell", Map.of("normal.node1.op1", "sep5")));
    Set<String> both = new HashSet<>(three);
    both.retainAll(five);

    // the pointwise convolution, which has one shape in both, is a part of its operation
    assertThat(three).anyMatch(key -> key.startsWith("cell1_node1_a"));
    assertThat(both).noneMatch(key -> key.startsWith("cell1_node1_a"));
  }

  @Example
  void aJoinSharesTheSlicesOfWhatItHasInCommon() {
    Map<String, String> narrow = Map.of("layer4.skip0", "yes", "layer4.skip1", "yes");
    Map<String, String> wide =
        Map.of("layer4.skip0", "yes", "layer4.skip1", "yes", "layer4.skip2", "yes");
    Set<String> ofNarrow = keys(network("macro", narrow));
    Set<String> ofWide = keys(network("macro", wide));
    Set<String> both = new HashSet<>(ofNarrow);
    both.retainAll(ofWide);

    assertThat(slices(ofNarrow)).hasSize(3);
    assertThat(slices(ofWide)).hasSize(4).containsAll(slices(ofNarrow));
    assertThat(both).anyMatch(key -> key.startsWith("layer4_in_bn/"));
  }

  private static Set<String> slices(Set<String> keys) {
    return keys.stream().filter(key -> key.startsWith("layer4_in@")).collect(Collectors.toSet());
  }

  @Example
  void numbersBeginAsTheSeedAndTheKeySay() {
    SharedLayout layout = SharedLayout.of(network("cell", Map.of("width", "16")));
    Map<String, float[]> vectors = new LinkedHashMap<>();
    for (SharedOperation operation : layout.operations()) {
      assertThat(operation.initial(7)).isEqualTo(operation.initial(7));
      if (operation.parts().get(0).tensor().endsWith("kernel")) {
        assertThat(operation.initial(7)).isNotEqualTo(operation.initial(8));
      }
      vectors.put(operation.key(), operation.initial(7));
    }
    Map<String, float[]> tensors = layout.tensors(vectors);
    assertThat(tensors.get("cell1_in0_bn.gamma")).containsOnly(1f);
    assertThat(tensors.get("cell1_in0_bn.beta")).containsOnly(0f);
    assertThat(tensors.get("cell1_in0_bn.mean")).containsOnly(0f);
    double squares = 0;
    float[] kernel = tensors.get("cell3_node1_a.kernel");
    for (float value : kernel) {
      squares += value * value;
    }
    int columns = kernel.length / 32; // a pointwise convolution of the first reduced cell
    assertThat(squares / kernel.length * columns).isCloseTo(2, within(0.3));
    List<float[]> kernels =
        List.of(tensors.get("cell1_in0.kernel"), tensors.get("cell2_in1.kernel"));
    assertThat(kernels.get(0)).isNotEqualTo(kernels.get(1));
  }

  @Example
  void aFileOfVectorsReadsBackAndNothingElseDoes() throws Exception {
    Map<String, float[]> vectors = new LinkedHashMap<>();
    vectors.put("a/1", new float[] {1, -0f, Float.MIN_VALUE});
    vectors.put("b/2", new float[0]);
    byte[] bytes = new VectorFile("run-1", vectors).bytes();

    VectorFile read = VectorFile.read(bytes);

    assertThat(read.label()).isEqualTo("run-1");
    assertThat(read.vectors().keySet()).containsExactly("a/1", "b/2");
    assertThat(read.vectors().get("a/1")).isEqualTo(vectors.get("a/1"));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> VectorFile.read(cut)).isInstanceOf(java.io.IOException.class);
    }
    byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> VectorFile.read(longer)).hasMessageContaining("1 bytes follow");
  }
}
