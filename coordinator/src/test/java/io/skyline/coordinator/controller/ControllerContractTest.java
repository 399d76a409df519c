package io.skyline.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.coordinator.search.Constraint;
import io.skyline.coordinator.search.Goals;
import io.skyline.coordinator.search.Objective;
import io.skyline.coordinator.search.Outcome;
import io.skyline.scorecard.FailureKind;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What every controller keeps; each has a subclass. */
abstract class ControllerContractTest {
  private static final Goals LIMITED =
      new Goals(
          List.of(new Objective(Metric.ACCURACY), new Objective(Metric.MACS)),
          List.of(new Constraint(Metric.MACS, Constraint.Bound.AT_MOST, 9_000)));

  abstract Controller create(SearchSpace space, Goals goals, long seed);

  /** A million genomes. */
  SearchSpace wide() {
    return Spaces.wide();
  }

  /** Ten genomes. */
  SearchSpace tiny() {
    return Spaces.tiny();
  }

  /** One genome. */
  SearchSpace single() {
    return Spaces.single();
  }

  /** Most outcomes score, some fail, some are infeasible, some were stopped: by genome and salt. */
  private static Outcome outcome(long step, Genome genome, long salt) {
    return switch (Math.floorMod(genome.text().hashCode() * 31L + salt, 10)) {
      case 0 -> new Outcome.Failed(step, genome, FailureKind.DIVERGED, "nan");
      case 1 -> new Outcome.Infeasible(step, genome, Spaces.value(genome), "too much");
      case 2 -> new Outcome.Infeasible(step, genome, Scorecard.EMPTY, "cannot be built");
      case 3 -> new Outcome.Stopped(step, genome);
      default -> new Outcome.Scored(step, genome, Spaces.value(genome));
    };
  }

  @Property(tries = 30)
  void neverProposesWhatItObservedOrWhatIsPending(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int window) {
    Controller controller = create(wide(), LIMITED, seed);
    Deque<Genome> pending = new ArrayDeque<>();
    Set<String> proposed = new HashSet<>();
    for (long step = 1; step <= 150; step++) {
      Genome genome = controller.propose(step, new Pending(List.copyOf(pending))).genome();
      assertThat(proposed.add(genome.text())).as("%s is new", genome).isTrue();
      pending.add(genome);
      if (pending.size() >= window) {
        controller.observe(outcome(step - window + 1, pending.remove(), seed));
      }
    }
  }

  @Property(tries = 30)
  void equalOutcomesLeadToEqualProposals(@ForAll long seed) {
    Controller one = create(wide(), LIMITED, seed);
    List<Outcome> outcomes = new ArrayList<>();
    for (long step = 1; step <= 60; step++) {
      // asking twice changes nothing: memory is of outcomes, not of proposals
      Genome genome = one.propose(step, Pending.NONE).genome();
      assertThat(one.propose(step, Pending.NONE).genome()).isEqualTo(genome);
      outcomes.add(outcome(step, genome, seed));
      one.observe(outcomes.get(outcomes.size() - 1));
    }
    Controller other = create(wide(), LIMITED, seed);
    outcomes.forEach(other::observe);
    assertThat(other.propose(61, Pending.NONE)).isEqualTo(one.propose(61, Pending.NONE));
  }

  @Property(tries = 20)
  void visitsEveryGenomeOfATinySpaceOnce(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int window) {
    SearchSpace space = tiny();
    int size = space.size().intValueExact();
    Controller controller = create(space, LIMITED, seed);
    Deque<Genome> pending = new ArrayDeque<>();
    Set<String> proposed = new HashSet<>();
    for (long step = 1; step <= size; step++) {
      Genome genome = controller.propose(step, new Pending(List.copyOf(pending))).genome();
      proposed.add(genome.text());
      pending.add(genome);
      if (pending.size() >= window) {
        controller.observe(outcome(step - window + 1, pending.remove(), seed));
      }
    }
    assertThat(proposed).hasSize(size).hasSize(10);
    Genome after = controller.propose(size + 1, new Pending(List.copyOf(pending))).genome();
    assertThat(proposed).contains(after.text());
  }

  @Example
  void answersInASpaceOfOneGenome() {
    Controller controller = create(single(), Spaces.ACCURACY, 1);
    Genome only = controller.propose(1, Pending.NONE).genome();
    for (long step = 1; step <= 30; step++) {
      controller.observe(new Outcome.Scored(step, only, Spaces.value(only)));
      assertThat(controller.propose(step + 1, Pending.NONE).genome()).isEqualTo(only);
    }
  }

  @Example
  void goesOnWhenEverythingFails() {
    Controller controller = create(wide(), LIMITED, 5);
    for (long step = 1; step <= 100; step++) {
      Genome genome = controller.propose(step, Pending.NONE).genome();
      controller.observe(new Outcome.Failed(step, genome, FailureKind.CRASHED, "boom"));
    }
    assertThat(controller.propose(101, Pending.NONE)).isNotNull();
  }

  @Example
  void differentSeedsProposeDifferently() {
    Set<String> first = new HashSet<>();
    for (long seed = 0; seed < 20; seed++) {
      Controller controller = create(wide(), LIMITED, seed);
      first.add(controller.propose(1, Pending.NONE).genome().text());
    }
    assertThat(first).hasSizeGreaterThan(15);
  }
}
