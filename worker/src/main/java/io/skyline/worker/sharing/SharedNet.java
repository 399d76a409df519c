package io.skyline.worker.sharing;

import io.skyline.architecture.Architecture;
import io.skyline.sharing.SharedLayout;
import io.skyline.sharing.SharedOperation;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A network put together from shared vectors, and what its training adds to them.
 *
 * @param layout of its operations
 * @param vectors that they start from, by key
 * @param network with these weights, and untouched running statistics
 */
public record SharedNet(SharedLayout layout, Map<String, float[]> vectors, Network network) {
  /** Where trained vectors come from. */
  @FunctionalInterface
  public interface Trained {
    /** The vector of an operation, or null if no step has trained it yet. */
    float @Nullable [] vector(SharedOperation operation) throws IOException;
  }

  /**
   * Puts a network together.
   *
   * @param seed of the search, for operations that no step has trained yet
   */
  public static SharedNet of(
      Architecture architecture, Normalization normalization, long seed, Trained trained)
      throws IOException {
    SharedLayout layout = SharedLayout.of(architecture);
    Map<String, float[]> vectors = new LinkedHashMap<>();
    for (SharedOperation operation : layout.operations()) {
      float @Nullable [] vector = trained.vector(operation);
      vectors.put(operation.key(), vector == null ? operation.initial(seed) : vector);
    }
    Weights weights = new Weights(layout.tensors(vectors));
    return new SharedNet(layout, vectors, new Network(architecture, weights, normalization));
  }

  /** What a training of this network adds to each vector. */
  public Map<String, float[]> added(Network trained) {
    Map<String, float[]> added = layout.vectors(trained.weights().tensors());
    added.forEach(
        (key, vector) -> {
          float[] start = vectors.get(key);
          for (int i = 0; i < vector.length; i++) {
            vector[i] -= start == null ? 0 : start[i];
          }
        });
    return added;
  }

  /** The vectors after a step that adds to them, were it the only one: in floats, as merged. */
  public Map<String, float[]> plus(Map<String, float[]> added) {
    Map<String, float[]> sums = new LinkedHashMap<>();
    added.forEach(
        (key, vector) -> {
          float[] start = vectors.get(key);
          float[] sum = vector.clone();
          for (int i = 0; i < sum.length; i++) {
            sum[i] += start == null ? 0 : start[i];
          }
          sums.put(key, sum);
        });
    return sums;
  }
}
