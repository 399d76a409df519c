package io.skyline.coordinator.data;

import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.artifact.Fingerprint;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.NumericTarget;
import io.skyline.scorecard.DataCard.Split;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns a data source into what workers use: one NPZ artifact a split, and the card that names
 * them.
 *
 * <p>Preparing is idempotent: the same source gives the same digests.
 */
public final class DataPreparer {
  private final ArtifactStore store;
  private final Consumer<String> notices;

  public DataPreparer(ArtifactStore store) {
    this(store, notice -> {});
  }

  /**
   * @param notices told what a user should know: bad examples that were skipped
   */
  public DataPreparer(ArtifactStore store, Consumer<String> notices) {
    this.store = store;
    this.notices = notices;
  }

  /**
   * Reads, splits and stores a data set.
   *
   * @throws DataException if a file of the source cannot be used
   * @throws IOException if the store cannot take it
   */
  public DataCard prepare(DataSource source) throws IOException {
    return prepare(source, Optional.empty());
  }

  /**
   * The same with examples that have no label.
   *
   * @throws DataException if a file of the source cannot be used
   * @throws io.skyline.yaml.InvalidDocumentException if the examples without a label cannot be
   * @throws IOException if the store cannot take it
   */
  public DataCard prepare(DataSource source, Optional<UnlabelledSource> unlabelled)
      throws IOException {
    try (DataSplits splits = source.read()) {
      if (splits.skipped().count() > 0) {
        notices.accept(splits.name() + ": " + splits.skipped().text());
      }
      Distribution inputs = Distribution.of(splits.train());
      Distribution targets = Distribution.ofTargets(splits.train());
      DataCard card =
          new DataCard(
              splits.name(),
              splits.train().shape(),
              splits.classNames(),
              inputs.mean(),
              inputs.deviation(),
              store(splits.train(), splits.target().isPresent()),
              store(splits.validation(), splits.target().isPresent()),
              store(splits.test(), splits.target().isPresent()),
              splits
                  .target()
                  .map(
                      name ->
                          new NumericTarget(
                              name, targets.mean().get(0), targets.deviation().get(0))),
              splits.features(),
              splits.skipped().count(),
              Optional.empty());
      return unlabelled.isPresent()
          ? card.withUnlabelled(store(unlabelled.get(), splits.train()))
          : card;
    }
  }

  private Split store(UnlabelledSource source, SplitExamples like) throws IOException {
    try (UnlabelledSource.Read read = source.read(like)) {
      if (read.skipped().count() > 0) {
        notices.accept(source.path() + ": " + read.skipped().text());
      }
      return store(read.examples(), false);
    }
  }

  private Split store(SplitExamples examples, boolean regression) throws IOException {
    Fingerprint fingerprint = store.put(out -> NpzWriter.write(examples, regression, out));
    return new Split(fingerprint.digest(), examples.count(), fingerprint.bytes());
  }
}
