package io.skyline.coordinator.sharing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.artifact.StoredPart;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.SearchEvent;
import io.skyline.coordinator.search.SearchSettings;
import io.skyline.coordinator.search.SearchState;
import io.skyline.coordinator.search.SharingSettings;
import io.skyline.coordinator.search.TaskId;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.sharing.SharedOperation;
import io.skyline.sharing.VectorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SharedWeightsTest {
  private static final long SEED = 5;
  private static final int LOOKAHEAD = 3;

  @TempDir private Path folder;
  private ArtifactStore store;

  @BeforeEach
  void open() throws IOException {
    store = ArtifactStore.open(folder, 1 << 28);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  private Optional<Artifact> update(int number, SharedStep step) throws IOException {
    byte[] bytes = new VectorFile("run step " + number, step.added()).bytes();
    return Optional.of(new Artifact("update", store.put(bytes), bytes.length));
  }

  private SharedWeights fresh() throws IOException {
    return SharedWeights.open(store, "run", SEED, state(List.of(), List.of()).sharing());
  }

  private static SearchState state(List<SharedStep> steps, List<String> versions) {
    SearchSettings settings =
        new SearchSettings(
            new Goals(List.of(new Objective(Metric.ACCURACY)), List.of()),
            io.skyline.coordinator.search.Budget.ofTrials(1),
            4,
            SearchSettings.Order.DETERMINISTIC,
            3,
            OptionalInt.empty(),
            false,
            SEED,
            1,
            Optional.empty(),
            Optional.of(new SharingSettings(100, 1, 1, LOOKAHEAD, 1, 1)),
            Optional.empty());
    SearchState state = SearchState.initial(settings);
    for (int i = 0; i < versions.size(); i++) {
      TaskId task = TaskId.share(i + 1);
      state =
          state
              .apply(new SearchEvent.PathDrawn(i + 1, steps.get(i).genome().choices(), 0))
              .apply(new SearchEvent.Leased(task, 1, "w", 0))
              .apply(new SearchEvent.Scored(task, 1, Scorecard.EMPTY, List.of(), 0))
              .apply(new SearchEvent.WeightsMerged(i + 1, versions.get(i), 0));
    }
    return state;
  }

  private Map<String, float[]> vectors(SharedWeights weights, long version, SharedStep step)
      throws IOException {
    Map<String, float[]> vectors = new HashMap<>();
    for (SharedOperation operation : step.layout().operations()) {
      Optional<WeightIndex.Entry> entry = weights.version(version).get(operation.key());
      if (entry.isPresent()) {
        byte[] bytes = store.get(entry.get().part().digest()).readAllBytes();
        assertThat(bytes).hasSize((int) entry.get().part().bytes());
        vectors.put(operation.key(), VectorFile.read(bytes).vectors().get(operation.key()));
      }
    }
    return vectors;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aVersionIsTheOneBeforePlusTheUpdateOfItsStep(long seed) throws IOException {
    List<SharedStep> steps = SharedStep.draw(seed, 6);
    Map<String, float[]> expected = new HashMap<>();
    SharedWeights weights = fresh();
    for (int i = 0; i < steps.size(); i++) {
      SharedStep step = steps.get(i);
      weights.merge(i + 1, step.layout(), update(i + 1, step));
      for (SharedOperation operation : step.layout().operations()) {
        float[] sum = expected.computeIfAbsent(operation.key(), key -> operation.initial(SEED));
        float[] added = step.added().get(operation.key());
        for (int j = 0; j < sum.length; j++) {
          sum[j] += added[j];
        }
      }
      Map<String, float[]> merged = vectors(weights, i + 1, step);
      assertThat(merged.keySet()).isEqualTo(step.added().keySet());
      merged.forEach((key, vector) -> assertThat(vector).isEqualTo(expected.get(key)));
    }
    assertThat(weights.version(0).get(steps.get(0).layout().operations().get(0).key())).isEmpty();
  }

  @Test
  void aRepeatedMergeGivesTheSameVersion() throws IOException {
    List<SharedStep> steps = SharedStep.draw(4, 2);
    SharedWeights weights = fresh();
    String first = weights.merge(1, steps.get(0).layout(), update(1, steps.get(0)));
    String second = weights.merge(2, steps.get(1).layout(), update(2, steps.get(1)));

    assertThat(weights.merge(2, steps.get(1).layout(), update(2, steps.get(1)))).isEqualTo(second);
    assertThat(weights.merge(1, steps.get(0).layout(), update(1, steps.get(0)))).isEqualTo(first);
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void updatesMergeInStepOrderOnly() throws IOException {
    List<SharedStep> steps = SharedStep.draw(4, 2);
    SharedWeights weights = fresh();

    Optional<Artifact> early = update(2, steps.get(1));
    assertThatThrownBy(() -> weights.merge(2, steps.get(1).layout(), early))
        .hasMessageContaining("no version 1");
  }

  @Test
  void goesOnTheSameAfterACrashAnywhere() throws IOException {
    List<SharedStep> steps = SharedStep.draw(9, 8);
    List<String> expected = new ArrayList<>();
    SharedWeights weights = fresh();
    for (int i = 0; i < steps.size(); i++) {
      expected.add(weights.merge(i + 1, steps.get(i).layout(), update(i + 1, steps.get(i))));
    }
    for (int crash = 1; crash < steps.size(); crash++) {
      store.close();
      store = ArtifactStore.open(folder, 1 << 28);
      SharedWeights recovered =
          SharedWeights.open(
              store, "run", SEED, state(steps, expected.subList(0, crash)).sharing());
      for (int i = crash; i < steps.size(); i++) {
        assertThat(recovered.merge(i + 1, steps.get(i).layout(), update(i + 1, steps.get(i))))
            .isEqualTo(expected.get(i));
      }
    }
  }

  @Test
  void aFailedStepOrAnUpdateWithoutSenseChangesNoWeight() throws IOException {
    List<SharedStep> steps = SharedStep.draw(6, 2);
    SharedWeights weights = fresh();
    String first = weights.merge(1, steps.get(0).layout(), update(1, steps.get(0)));

    assertThat(weights.merge(2, steps.get(1).layout(), Optional.empty())).isEqualTo(first);
    byte[] nonsense = {1, 2, 3};
    Artifact broken = new Artifact("update", store.put(nonsense), 3);
    assertThat(weights.merge(2, steps.get(1).layout(), Optional.of(broken))).isEqualTo(first);
    Map<String, float[]> infinite = new LinkedHashMap<>(steps.get(1).added());
    infinite.values().iterator().next()[0] = Float.NaN;
    SharedStep diverged = new SharedStep(steps.get(1).genome(), steps.get(1).layout(), infinite);
    assertThat(weights.merge(2, diverged.layout(), update(2, diverged))).isEqualTo(first);
  }

  @Test
  void keepsWhatStepsMayStillStartFromAndNothingElse() throws IOException {
    List<SharedStep> steps = SharedStep.draw(7, 9);
    SharedWeights weights = fresh();
    List<String> versions = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      Optional<Artifact> update = update(i + 1, steps.get(i));
      versions.add(weights.merge(i + 1, steps.get(i).layout(), update));
      SearchState state = state(steps, versions);
      weights.collect(i + 2 - LOOKAHEAD, update);

      assertThat(stored()).isEqualTo(SharedWeights.needed(store, state.sharing()));
      for (long version = Math.max(1, i + 2 - LOOKAHEAD); version <= i + 1; version++) {
        for (SharedStep step : steps) {
          assertThat(vectors(weights, version, step)).isNotNull(); // every file can be read
        }
      }
    }
    assertThatThrownBy(() -> weights.version(9 - LOOKAHEAD)).hasMessageContaining("no version 6");
  }

  private java.util.Set<String> stored() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9a-f]{64}"))
          .collect(java.util.stream.Collectors.toSet());
    }
  }

  private static List<String> digests(WeightIndex index) {
    return index.parts().stream().map(StoredPart::digest).toList();
  }

  @Test
  void theNewestVersionLiesInABoundedNumberOfFiles() throws IOException {
    List<SharedStep> steps = SharedStep.draw(11, 90);
    SharedWeights weights = fresh();
    Map<String, float[]> expected = new HashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      // every other operation only, so that many are trained once and never again
      Map<String, float[]> some = new LinkedHashMap<>(steps.get(i).added());
      int number = i;
      some.keySet().removeIf(key -> Math.floorMod(key.hashCode(), 30) != number % 30);
      SharedStep step = new SharedStep(steps.get(i).genome(), steps.get(i).layout(), some);
      Optional<Artifact> update = update(i + 1, step);
      weights.merge(i + 1, step.layout(), update);
      weights.collect(i + 2 - LOOKAHEAD, update);
      for (SharedOperation operation : step.layout().operations()) {
        if (some.containsKey(operation.key())) {
          float[] sum = expected.computeIfAbsent(operation.key(), key -> operation.initial(SEED));
          for (int j = 0; j < sum.length; j++) {
            sum[j] += some.get(operation.key())[j];
          }
        }
      }
      assertThat(weights.version(i + 1).containers()).hasSizeLessThanOrEqualTo(64);
    }
    for (SharedStep step : steps) {
      vectors(weights, 90, step)
          .forEach((key, vector) -> assertThat(vector).isEqualTo(expected.get(key)));
    }
    assertThat(expected.keySet()).allMatch(key -> weights.version(90).get(key).isPresent());
  }

  @Test
  void twoSearchesHaveNoFileInCommon() throws IOException {
    SharedStep step = SharedStep.draw(8, 1).get(0);
    SharedWeights one = fresh();
    SharedWeights other =
        SharedWeights.open(store, "other", SEED, state(List.of(), List.of()).sharing());
    one.merge(1, step.layout(), update(1, step));
    other.merge(1, step.layout(), update(1, step));

    assertThat(one.version(1).containers())
        .hasSize(1)
        .doesNotContainAnyElementsOf(other.version(1).containers());
    assertThat(digests(one.version(1))).doesNotContainAnyElementsOf(digests(other.version(1)));
  }
}
