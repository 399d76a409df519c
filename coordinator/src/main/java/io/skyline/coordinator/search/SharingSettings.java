package io.skyline.coordinator.search;

/**
 * How much a search learns with shared weights before its trials (Pham et al. 2018).
 *
 * @param steps paths trained, one after the other, on the shared weights
 * @param batches of training that each gets
 * @param candidates scored with the shared weights when they are trained
 * @param lookahead step d starts from the weights after step d - lookahead, and its path is drawn
 *     when the rewards of the steps up to there are known; at least 1
 * @param validation examples of the validation split on which the reward of a step is taken
 * @param calibration batches of training examples on which the statistics of batch normalizations
 *     are taken afresh before a network is scored
 */
public record SharingSettings(
    int steps, int batches, int candidates, int lookahead, int validation, int calibration) {
  public SharingSettings {
    if (steps < 1
        || batches < 1
        || candidates < 1
        || lookahead < 1
        || validation < 1
        || calibration < 1) {
      throw new IllegalArgumentException(
          "steps, batches, candidates, lookahead, validation and calibration are at least 1");
    }
  }
}
