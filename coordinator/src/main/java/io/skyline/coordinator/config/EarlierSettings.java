package io.skyline.coordinator.config;

import io.skyline.yaml.Place;
import java.nio.file.Path;
import java.util.List;

/**
 * What a search is to take from runs before it.
 *
 * @param evaluations whether trainings that any earlier run did are done again
 * @param runs folders of the runs whose outcomes the controller learns first
 * @param retrain whether the best of those runs are trained again, before all others
 * @param place where the config names the runs, for problems that show only with them
 */
public record EarlierSettings(
    Evaluations evaluations, List<Path> runs, boolean retrain, Place place) {
  public EarlierSettings {
    runs = List.copyOf(runs);
  }

  /** What is done with a training's results besides. */
  public enum Evaluations {
    /** They are kept for runs to come; every training is done. */
    KEEP,
    /** They are kept, and a training of which they are known is not done again. */
    REUSE,
    /** Nothing. */
    NONE
  }
}
