package io.skyline.coordinator.data;

import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.artifact.Fingerprint;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.NumericTarget;
import io.skyline.scorecard.DataCard.Split;
import java.io.IOException;
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
    try (DataSplits splits = source.read()) {
      if (splits.skipped().count() > 0) {
        notices.accept(splits.name() + ": " + splits.skipped().text());
      }
      Distribution inputs = Distribution.of(splits.train());
      Distribution targets = Distribution.ofTargets(splits.train());
      return new DataCard(
          splits.name(),
          splits.train().shape(),
          splits.classNames(),
          inputs.mean(),
          inputs.deviation(),
          store(splits.train(), splits),
          store(splits.validation(), splits),
          store(splits.test(), splits),
          splits
              .target()
              .map(
                  name ->
                      new NumericTarget(name, targets.mean().get(0), targets.deviation().get(0))),
          splits.features());
    }
  }

  private Split store(SplitExamples examples, DataSplits splits) throws IOException {
    boolean regression = splits.target().isPresent();
    Fingerprint fingerprint = store.put(out -> NpzWriter.write(examples, regression, out));
    return new Split(fingerprint.digest(), examples.count(), fingerprint.bytes());
  }
}
