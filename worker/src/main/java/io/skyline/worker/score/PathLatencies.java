package io.skyline.worker.score;

import io.skyline.scorecard.Measurement;
import io.skyline.worker.export.ModelExits;
import java.util.List;

/**
 * The latency of each way through a model: to each of its open exits, and to its end.
 *
 * @param exits of the model, with the shares of examples that leave there
 * @param paths microseconds to each exit in order, then to the end
 */
public record PathLatencies(ModelExits exits, List<Measurement> paths) {
  public PathLatencies {
    paths = List.copyOf(paths);
  }

  /**
   * What an inference is expected to take: the mean over the paths, weighed by the shares of
   * examples that take them; no surer than the least sure of those.
   */
  public Measurement expected() {
    double value = 0;
    double spread = 0;
    boolean confident = true;
    for (int path = 0; path < paths.size(); path++) {
      Measurement measured = paths.get(path);
      double share = exits.share(path);
      value += share * measured.value();
      spread += share * measured.value() * measured.tolerance();
      confident &= share == 0 || measured.confident();
    }
    return new Measurement(value, spread / value, confident);
  }
}
