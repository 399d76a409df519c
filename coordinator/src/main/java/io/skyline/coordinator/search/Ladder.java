package io.skyline.coordinator.search;

import io.skyline.scorecard.Scorecard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How far a trial is trained.
 *
 * @param step that gave it its latest training
 * @param target epochs at which that training pauses; 0 if it goes to the end
 * @param rungs reached, the lowest first: the trial's learning curve
 */
public record Ladder(long step, int target, List<Rung> rungs) {
  public Ladder {
    rungs = List.copyOf(rungs);
  }

  /**
   * A pause of a training.
   *
   * @param epochs trained
   * @param scorecard of the model that it would have given
   * @param checkpoint from which any worker goes on
   */
  public record Rung(int epochs, Scorecard scorecard, Artifact checkpoint) {}

  /** The highest rung reached. */
  public Optional<Rung> top() {
    return rungs.isEmpty() ? Optional.empty() : Optional.of(rungs.get(rungs.size() - 1));
  }

  /** Epochs trained and scored. */
  public int epochs() {
    return top().map(Rung::epochs).orElse(0);
  }

  Ladder to(long nextStep, int nextTarget) {
    return new Ladder(nextStep, nextTarget, rungs);
  }

  Ladder plus(Rung rung) {
    List<Rung> more = new ArrayList<>(rungs);
    more.add(rung);
    return new Ladder(step, target, more);
  }
}
