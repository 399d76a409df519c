package io.skyline.coordinator.data;

import java.util.List;

/**
 * A data set in memory, decoded and split.
 *
 * @param name as shown to users
 * @param classNames in label order; every label of every split is an index into it
 */
public record DataSplits(
    String name,
    List<String> classNames,
    LabelledImages train,
    LabelledImages validation,
    LabelledImages test) {
  public DataSplits {
    classNames = List.copyOf(classNames);
  }
}
