package io.skyline.coordinator.search;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The feasible, non-dominated, scored trials of a search; immutable.
 *
 * <p>Feasible by measured values (gate 2). Dominance compares {@link Goals#costs}, so latency on
 * its grid; trials that are equal there are members together.
 */
public final class Frontier {
  private final Goals goals;
  private final List<Member> members;

  private Frontier(Goals goals, List<Member> members) {
    this.goals = goals;
    this.members = members;
  }

  private record Member(Trial trial, double[] costs) {}

  /** Nobody's frontier. */
  public static Frontier empty(Goals goals) {
    return new Frontier(goals, List.of());
  }

  /** The frontier of these trials, in whatever order they come. */
  public static Frontier of(Goals goals, Iterable<Trial> trials) {
    Frontier frontier = empty(goals);
    for (Trial trial : trials) {
      frontier = frontier.plus(trial);
    }
    return frontier;
  }

  /** The frontier of its members and one more trial. */
  public Frontier plus(Trial trial) {
    Optional<double[]> costs = goals.costs(trial.scorecard());
    if (trial.status() != Trial.Status.SCORED
        || costs.isEmpty()
        || !goals.feasible(trial.scorecard())) {
      return this;
    }
    for (Member member : members) {
      if (Dominance.dominates(member.costs, costs.get())) {
        return this;
      }
    }
    List<Member> next = new ArrayList<>();
    for (Member member : members) {
      if (!Dominance.dominates(costs.get(), member.costs)) {
        next.add(member);
      }
    }
    next.add(new Member(trial, costs.get()));
    next.sort(Comparator.comparingInt(member -> member.trial.number()));
    return new Frontier(goals, List.copyOf(next));
  }

  /** By what its members were chosen. */
  public Goals goals() {
    return goals;
  }

  /** The members by trial number. */
  public List<Trial> members() {
    return members.stream().map(Member::trial).toList();
  }

  /** Whether a trial is a member. */
  public boolean contains(int trial) {
    return members.stream().anyMatch(member -> member.trial.number() == trial);
  }

  /** The share of the {@link ReferenceBox} that the members dominate, 0..1. */
  public double hypervolume() {
    ReferenceBox box = ReferenceBox.of(goals);
    return Hypervolume.of(members.stream().map(member -> box.normalised(member.costs)).toList());
  }
}
