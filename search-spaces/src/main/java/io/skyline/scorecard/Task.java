package io.skyline.scorecard;

/** What a data set asks of a model. */
public enum Task {
  /** One class for each example. */
  CLASSIFICATION,
  /** One number for each example. */
  REGRESSION
}
