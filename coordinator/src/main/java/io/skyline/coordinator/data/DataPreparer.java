package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;
import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.artifact.Fingerprint;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Turns a data source into what workers use: one NPZ artifact a split, and the card that names
 * them.
 *
 * <p>Preparing is idempotent: the same source gives the same digests.
 */
public final class DataPreparer {
  private final ArtifactStore store;

  public DataPreparer(ArtifactStore store) {
    this.store = store;
  }

  /**
   * Reads, splits and stores a data set.
   *
   * @throws DataException if a file of the source cannot be used
   * @throws IOException if the store cannot take it
   */
  public DataCard prepare(DataSource source) throws IOException {
    DataSplits splits = source.read();
    ChannelStatistics statistics = ChannelStatistics.of(splits.train());
    return new DataCard(
        splits.name(),
        splits.train().shape(),
        splits.classNames(),
        statistics.mean(),
        statistics.deviation(),
        store(splits.train()),
        store(splits.validation()),
        store(splits.test()));
  }

  private Split store(LabelledImages images) throws IOException {
    Fingerprint fingerprint = store.put(out -> NpzWriter.write(images, out));
    return new Split(fingerprint.digest(), images.count(), fingerprint.bytes());
  }

  /**
   * Mean and standard deviation of each channel over all images and pixels, in raw units; from
   * integer sums, so exact. The deviation of a constant channel is 1, because networks divide by
   * it.
   */
  record ChannelStatistics(List<Float> mean, List<Float> deviation) {
    static ChannelStatistics of(LabelledImages images) {
      Shape shape = images.shape();
      int plane = shape.height() * shape.width();
      List<Float> means = new ArrayList<>();
      List<Float> deviations = new ArrayList<>();
      for (int channel = 0; channel < shape.channels(); channel++) {
        long sum = 0;
        long squares = 0;
        for (int image = 0; image < images.count(); image++) {
          int start = (image * shape.channels() + channel) * plane;
          for (int i = start; i < start + plane; i++) {
            int pixel = images.pixels()[i] & 0xff;
            sum += pixel;
            squares += (long) pixel * pixel;
          }
        }
        double count = (double) images.count() * plane;
        double mean = sum / count;
        double variance = squares / count - mean * mean;
        means.add((float) mean);
        deviations.add(variance > 0 ? (float) Math.sqrt(variance) : 1f);
      }
      return new ChannelStatistics(means, deviations);
    }
  }
}
