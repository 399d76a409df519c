package io.skyline.scorecard;

import io.skyline.architecture.Shape;
import java.util.List;

/**
 * What there is to know about a prepared data set without holding it.
 *
 * @param name as shown to users: {@code fashion-mini}
 * @param input shape of one example
 * @param classNames in label order
 * @param mean per channel over the training split, in raw units (0..255 for pixels)
 * @param deviation standard deviation per channel over the training split, in raw units
 * @param train the training split
 * @param validation guides the search
 * @param test touched once, when the frontier is published
 */
public record DataCard(
    String name,
    Shape input,
    List<String> classNames,
    List<Float> mean,
    List<Float> deviation,
    Split train,
    Split validation,
    Split test) {
  public DataCard {
    classNames = List.copyOf(classNames);
    mean = List.copyOf(mean);
    deviation = List.copyOf(deviation);
    if (mean.size() != input.channels() || deviation.size() != input.channels()) {
      throw new IllegalArgumentException("normalisation needs one mean and deviation a channel");
    }
  }

  /**
   * One part of a data set.
   *
   * @param digest SHA-256 in hex of its prepared file, which is an artifact
   * @param examples how many it holds
   * @param bytes size of the prepared file
   */
  public record Split(String digest, int examples, long bytes) {}

  /** Number of classes. */
  public int classes() {
    return classNames.size();
  }
}
