package io.skyline.coordinator.wire;

import io.skyline.architecture.Shape;
import io.skyline.scorecard.DataCard;
import io.skyline.v1.DataSplit;
import java.util.Optional;

/** Data sets, described. */
public final class DataCards {
  private DataCards() {}

  /** All of the card, the test split included. */
  public static io.skyline.v1.DataCard message(DataCard card) {
    return withoutTest(card).toBuilder().setTest(split(card.test())).build();
  }

  /** What tasks that guide the search may see. */
  public static io.skyline.v1.DataCard withoutTest(DataCard card) {
    io.skyline.v1.DataCard.Builder message =
        io.skyline.v1.DataCard.newBuilder()
            .setName(card.name())
            .setChannels(card.input().channels())
            .setHeight(card.input().height())
            .setWidth(card.input().width())
            .addAllClassNames(card.classNames())
            .addAllMean(card.mean())
            .addAllDeviation(card.deviation())
            .setTrain(split(card.train()))
            .setValidation(split(card.validation()))
            .setSkipped(card.skipped());
    card.regression().ifPresent(target -> message.setRegression(target(target)));
    card.features().forEach(feature -> message.addFeatures(feature(feature)));
    card.unlabelled().ifPresent(unlabelled -> message.setUnlabelled(split(unlabelled)));
    return message.build();
  }

  private static io.skyline.v1.NumericTarget target(DataCard.NumericTarget target) {
    return io.skyline.v1.NumericTarget.newBuilder()
        .setName(target.name())
        .setMean(target.mean())
        .setDeviation(target.deviation())
        .build();
  }

  private static io.skyline.v1.Feature feature(DataCard.Feature feature) {
    return io.skyline.v1.Feature.newBuilder()
        .setName(feature.name())
        .setMissing(feature.missing())
        .build();
  }

  private static DataSplit split(DataCard.Split split) {
    return DataSplit.newBuilder()
        .setDigest(split.digest())
        .setExamples(split.examples())
        .setBytes(split.bytes())
        .build();
  }

  public static DataCard card(io.skyline.v1.DataCard message) {
    return new DataCard(
        message.getName(),
        new Shape(message.getChannels(), message.getHeight(), message.getWidth()),
        message.getClassNamesList(),
        message.getMeanList(),
        message.getDeviationList(),
        split(message.getTrain()),
        split(message.getValidation()),
        split(message.getTest()),
        message.hasRegression() ? Optional.of(target(message.getRegression())) : Optional.empty(),
        message.getFeaturesList().stream()
            .map(feature -> new DataCard.Feature(feature.getName(), feature.getMissing()))
            .toList(),
        message.getSkipped(),
        message.hasUnlabelled() ? Optional.of(split(message.getUnlabelled())) : Optional.empty());
  }

  private static DataCard.NumericTarget target(io.skyline.v1.NumericTarget message) {
    return new DataCard.NumericTarget(message.getName(), message.getMean(), message.getDeviation());
  }

  private static DataCard.Split split(DataSplit message) {
    return new DataCard.Split(message.getDigest(), message.getExamples(), message.getBytes());
  }
}
