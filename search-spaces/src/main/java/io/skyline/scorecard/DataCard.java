package io.skyline.scorecard;

import io.skyline.architecture.Shape;
import java.util.List;
import java.util.Optional;

/**
 * What there is to know about a prepared data set without holding it.
 *
 * @param name as shown to users: {@code fashion-mini}
 * @param input shape of one example
 * @param classNames in label order; none in regression
 * @param mean per channel over the training split, in raw units (0..255 for pixels)
 * @param deviation standard deviation per channel over the training split, in raw units
 * @param train the training split
 * @param validation guides the search
 * @param test touched once, when the frontier is published
 * @param regression the number to predict; empty in classification
 * @param features what the channels of tabular data mean, in their order; empty for images
 * @param skipped examples that were left out because they could not be used
 * @param unlabelled examples without labels, on which students learn from teachers alone
 */
public record DataCard(
    String name,
    Shape input,
    List<String> classNames,
    List<Float> mean,
    List<Float> deviation,
    Split train,
    Split validation,
    Split test,
    Optional<NumericTarget> regression,
    List<Feature> features,
    int skipped,
    Optional<Split> unlabelled) {
  public DataCard {
    classNames = List.copyOf(classNames);
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != input.channels() || deviation.size() != input.channels()) {
      throw new IllegalArgumentException("normalisation needs one mean and deviation a channel");
    }
    features = List.copyOf(features);
    if (!features.isEmpty() && features.size() != input.channels()) {
      throw new IllegalArgumentException(
          features.size() + " features for " + input.channels() + " channels");
    }
    if (regression.isPresent() && !classNames.isEmpty()) {
      throw new IllegalArgumentException("a number to predict has no classes");
    }
  }

  /** A classification of images. */
  public DataCard(
      String name,
      Shape input,
      List<String> classNames,
      List<Float> mean,
      List<Float> deviation,
      Split train,
      Split validation,
      Split test) {
    this(
        name,
        input,
        classNames,
        mean,
        deviation,
        train,
        validation,
        test,
        Optional.empty(),
        List.of(),
        0,
        Optional.empty());
  }

  /** This data with examples that have no label. */
  public DataCard withUnlabelled(Split other) {
    return new DataCard(
        name,
        input,
        classNames,
        mean,
        deviation,
        train,
        validation,
        test,
        regression,
        features,
        skipped,
        Optional.of(other));
  }

  /**
   * A number to predict, and how it is distributed over the training split: models learn it as
   * (value - mean) / deviation, and their files undo that.
   *
   * @param name of the column
   */
  public record NumericTarget(String name, float mean, float deviation) {
    public NumericTarget {
      if (!Float.isFinite(mean) || !(deviation > 0) || !Float.isFinite(deviation)) {
        throw new IllegalArgumentException("no distribution: " + mean + " +- " + deviation);
      }
    }
  }

  /**
   * One channel of tabular data.
   *
   * @param name of a numeric column, or {@code column=category} for a channel that is 1 in that
   *     category and else 0
   * @param missing what stands here where the column's value is missing
   */
  public record Feature(String name, float missing) {}

  /**
   * One part of a data set.
   *
   * @param digest SHA-256 in hex of its prepared file, which is an artifact
   * @param examples how many it holds
   * @param bytes size of the prepared file
   */
  public record Split(String digest, int examples, long bytes) {}

  /** Number of classes; 0 in regression. */
  public int classes() {
    return classNames.size();
  }

  /** What the data set asks of a model. */
  public Task task() {
    return regression.isPresent() ? Task.REGRESSION : Task.CLASSIFICATION;
  }

  /** How many values a network gives for one example. */
  public int outputs() {
    return outputNames().size();
  }

  /** What those values are: the classes, or the name of the number. */
  public List<String> outputNames() {
    return regression.map(target -> List.of(target.name())).orElse(classNames);
  }
}
