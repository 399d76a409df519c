package io.skyline.coordinator.data;

import io.skyline.scorecard.DataCard.Feature;
import java.util.List;
import java.util.Optional;

/**
 * A data set, decoded and split. Close it when its examples are no longer needed.
 *
 * @param name as shown to users
 * @param classNames in label order; every label of every split is an index into it; none where a
 *     number is to be predicted
 * @param target the name of that number
 * @param features what the channels of a table mean; empty for images
 * @param skipped examples that were left out
 * @param source holds the examples, if they are not in memory
 */
public record DataSplits(
    String name,
    List<String> classNames,
    SplitExamples train,
    SplitExamples validation,
    SplitExamples test,
    Optional<String> target,
    List<Feature> features,
    Skipped skipped,
    Optional<Holder> source)
    implements AutoCloseable {
  public DataSplits {
    classNames = List.copyOf(classNames);
    features = List.copyOf(features);
  }

  /** What has the examples. */
  public interface Holder {
    /** Lets go of them. */
    void close();
  }

  /** Images in memory that are told apart. */
  DataSplits(
      String name,
      List<String> classNames,
      LabelledImages train,
      LabelledImages validation,
      LabelledImages test) {
    this(
        name,
        classNames,
        train,
        validation,
        test,
        Optional.empty(),
        List.of(),
        Skipped.NONE,
        Optional.empty());
  }

  /** How many values a network gives for one example. */
  public int outputs() {
    return target.isPresent() ? 1 : classNames.size();
  }

  /** Examples to tell apart, from an intake that the result closes. */
  static DataSplits classes(
      String name,
      List<String> classNames,
      Intake intake,
      SplitRule rule,
      List<Feature> features,
      Skipped skipped) {
    SplitRule.Division division = rule.divide(intake, classNames.size(), name);
    boolean[] trained = new boolean[classNames.size()];
    for (int position : division.train()) {
      trained[intake.label(position)] = true;
    }
    for (int c = 0; c < trained.length; c++) {
      if (!trained[c]) {
        throw new DataException(
            "class '%s' of %s has no training example".formatted(classNames.get(c), name),
            "add some, hold out fewer, or remove the class");
      }
    }
    return of(name, classNames, intake, division, Optional.empty(), features, skipped);
  }

  /** Examples with a number to predict, from an intake that the result closes. */
  static DataSplits numbers(
      String name,
      String target,
      Intake intake,
      SplitRule rule,
      List<Feature> features,
      Skipped skipped) {
    SplitRule.Division division = rule.divide(intake, 1, name);
    return of(name, List.of(), intake, division, Optional.of(target), features, skipped);
  }

  private static DataSplits of(
      String name,
      List<String> classNames,
      Intake intake,
      SplitRule.Division division,
      Optional<String> target,
      List<Feature> features,
      Skipped skipped) {
    return new DataSplits(
        name,
        classNames,
        intake.select(division.train()),
        intake.select(division.validation()),
        intake.select(division.test()),
        target,
        features,
        skipped,
        Optional.of(intake::close));
  }

  @Override
  public void close() {
    source.ifPresent(Holder::close);
  }
}
