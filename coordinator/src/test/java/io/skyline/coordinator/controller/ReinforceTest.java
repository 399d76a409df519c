package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.Metric;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Example;

class ReinforceTest extends ControllerContractTest {
  @Override
  Controller create(SearchSpace space, Goals goals, long seed) {
    return Reinforce.TYPE.create(Map.of("hidden", 8.), space, goals, seed);
  }

  @Example
  void learnsToKeepALimit() {
    Goals limited =
        new Goals(
            List.of(new Objective(Metric.ACCURACY)),
            List.of(new Constraint(Metric.MACS, Constraint.Bound.AT_MOST, 9_000)));
    Controller controller = create(Spaces.wide(), limited, 3);
    int early = 0;
    int late = 0;
    for (long step = 1; step <= 400; step++) {
      Genome genome = controller.propose(step, Pending.NONE).genome();
      boolean kept = Spaces.value(genome).value(Metric.MACS).orElseThrow() <= 9_000;
      early += step <= 100 && kept ? 1 : 0;
      late += step > 300 && kept ? 1 : 0;
      controller.observe(new Outcome.Scored(step, genome, Spaces.value(genome)));
    }
    assertThat(late).isGreaterThan(60).isGreaterThan(early + 30);
  }
}
