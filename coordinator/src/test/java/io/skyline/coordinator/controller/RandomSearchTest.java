package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Goals;
import io.skyline.space.SearchSpace;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Example;

class RandomSearchTest extends ControllerContractTest {
  @Override
  Controller create(SearchSpace space, Goals goals, long seed) {
    return new RandomSearch(space, seed);
  }

  @Example
  void drawsEveryValueEquallyOften() {
    RandomSearch search = new RandomSearch(Spaces.wide(), 3);
    Map<Integer, Integer> counts = new TreeMap<>();
    for (long step = 1; step <= 4000; step++) {
      counts.merge(search.propose(step, Pending.NONE).genome().choices().get(0), 1, Integer::sum);
    }
    // 1000 each, five standard deviations are 137
    assertThat(counts).hasSize(4).allSatisfy((v, n) -> assertThat(n).isBetween(863, 1137));
  }
}
