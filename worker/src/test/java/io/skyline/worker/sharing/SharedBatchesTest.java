package io.skyline.worker.sharing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SharedBatchesTest {
  @Property
  void stepsTakeTurnsThroughEpochsThatShowEveryExampleOnce(
      @ForAll @IntRange(min = 1, max = 5) int batch,
      @ForAll @IntRange(min = 1, max = 7) int batches,
      @ForAll @IntRange(min = 5, max = 40) int count,
      @ForAll long seed) {
    SharedBatches shared = new SharedBatches(count, batch, batches, seed);
    int perEpoch = count / batch;
    Map<Integer, Integer> seen = new HashMap<>();
    // so many steps show every epoch whole
    for (int step = 1; step <= perEpoch; step++) {
      int[] positions = shared.of(step);
      assertThat(positions).hasSize(batch * batches).isEqualTo(shared.of(step));
      IntStream.of(positions).forEach(position -> seen.merge(position, 1, Integer::sum));
    }
    assertThat(seen.keySet()).allMatch(position -> position >= 0 && position < count);
    assertThat(seen.values().stream().mapToInt(n -> n).sum()).isEqualTo(batches * perEpoch * batch);
    assertThat(seen.values()).allMatch(times -> times <= batches);
    if (count % batch == 0) {
      assertThat(seen.values()).hasSize(count).allMatch(times -> times == batches);
    }
  }

  @Property
  void aRewardIsTakenOnDistinctExamples(
      @ForAll @IntRange(min = 1, max = 50) int most,
      @ForAll @IntRange(min = 1, max = 40) int count,
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int step) {
    int[] positions = SharedBatches.validation(most, count, seed, step);

    assertThat(IntStream.of(positions).distinct().count()).isEqualTo(Math.min(most, count));
    assertThat(positions).hasSize(Math.min(most, count));
    assertThat(IntStream.of(positions)).allMatch(position -> position >= 0 && position < count);
  }
}
