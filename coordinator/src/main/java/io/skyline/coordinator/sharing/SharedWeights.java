package io.skyline.coordinator.sharing;

import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Sharing;
import io.skyline.sharing.SharedLayout;
import io.skyline.sharing.SharedOperation;
import io.skyline.sharing.VectorFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The versions of a search's shared weights, as artifacts: version d is version d - 1 plus the
 * update of step d, operation by operation. An operation that was never trained begins as the seed
 * and its key say.
 *
 * <p>Versions are a function of the seed and the updates: merging a step again gives the same
 * digest. May be used by several threads; merges are made by one.
 */
public final class SharedWeights {
  private static final Logger LOG = LoggerFactory.getLogger(SharedWeights.class);

  private final ArtifactStore store;
  private final String label;
  private final long seed;
  private final TreeMap<Long, WeightIndex> versions = new TreeMap<>();

  private SharedWeights(ArtifactStore store, String label, long seed) {
    this.store = store;
    this.label = label;
    this.seed = seed;
    versions.put(0L, WeightIndex.empty(label));
  }

  /**
   * The weights of a search, with the versions that its steps may still start from.
   *
   * @param label of the search, so that no other has the same files
   * @param seed of the search
   * @throws IOException if a version cannot be read
   */
  public static SharedWeights open(ArtifactStore store, String label, long seed, Sharing sharing)
      throws IOException {
    SharedWeights weights = new SharedWeights(store, label, seed);
    if (!sharing.isDerived()) {
      long version = sharing.merged() - sharing.versions().size();
      for (String digest : sharing.versions()) {
        weights.versions.put(++version, WeightIndex.read(bytes(store, digest)));
      }
    }
    return weights;
  }

  /**
   * The artifacts that a search still needs of its shared weights.
   *
   * @throws IOException if a version cannot be read
   */
  public static Set<String> needed(ArtifactStore store, Sharing sharing) throws IOException {
    Set<String> digests = new HashSet<>();
    if (!sharing.isDerived()) {
      for (String version : sharing.versions()) {
        digests.add(version);
        digests.addAll(WeightIndex.read(bytes(store, version)).digests());
      }
      sharing.paths().forEach(path -> path.update().ifPresent(file -> digests.add(file.digest())));
    }
    return digests;
  }

  private static byte[] bytes(ArtifactStore store, String digest) throws IOException {
    try (InputStream content = store.get(digest)) {
      return content.readAllBytes();
    }
  }

  /**
   * The index of a version, from 0.
   *
   * @throws IllegalStateException if it was not merged yet, or nothing needs it any more
   */
  public synchronized WeightIndex version(long version) {
    @Nullable WeightIndex index = versions.get(version);
    if (index == null) {
      throw new IllegalStateException("there is no version " + version + " of the shared weights");
    }
    return index;
  }

  /**
   * Merges the update of a step into the version before it.
   *
   * @param layout of the path that the step trained
   * @param update what it adds; empty if it failed, which leaves the weights as they are
   * @return the digest of the new version's index, which is stored with its files
   * @throws IOException if the store does not take or give a file
   */
  public String merge(long step, SharedLayout layout, Optional<Artifact> update)
      throws IOException {
    WeightIndex before = version(step - 1);
    Map<String, float[]> added = update.isEmpty() ? Map.of() : added(step, layout, update.get());
    Map<String, WeightIndex.Entry> changed = new HashMap<>();
    for (SharedOperation operation : layout.operations()) {
      float[] delta = added.get(operation.key());
      if (delta != null) {
        changed.put(operation.key(), store(operation.key(), sum(before, operation, delta)));
      }
    }
    WeightIndex after = before.with(changed);
    String digest = store.put(after.bytes());
    synchronized (this) {
      versions.put(step, after);
    }
    return digest;
  }

  private float[] sum(WeightIndex before, SharedOperation operation, float[] delta)
      throws IOException {
    Optional<WeightIndex.Entry> stored = before.get(operation.key());
    float[] sum = stored.isEmpty() ? operation.initial(seed) : vector(stored.get(), operation);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += delta[i];
    }
    return sum;
  }

  private float[] vector(WeightIndex.Entry stored, SharedOperation operation) throws IOException {
    VectorFile file = VectorFile.read(bytes(store, stored.digest()));
    float[] vector = file.vectors().get(operation.key());
    if (vector == null || vector.length != operation.length()) {
      throw new IOException(stored.digest() + " does not hold " + operation.key());
    }
    return vector;
  }

  private WeightIndex.Entry store(String key, float[] vector) throws IOException {
    byte[] bytes = new VectorFile(label, Map.of(key, vector)).bytes();
    return new WeightIndex.Entry(store.put(bytes), bytes.length);
  }

  /** What a worker says that its step adds; nothing if that makes no sense. */
  private Map<String, float[]> added(long step, SharedLayout layout, Artifact update)
      throws IOException {
    byte[] bytes = bytes(store, update.digest());
    try {
      Map<String, float[]> vectors = VectorFile.read(bytes).vectors();
      Map<String, float[]> added = new LinkedHashMap<>();
      for (SharedOperation operation : layout.operations()) {
        float[] vector = vectors.get(operation.key());
        if (vector != null) {
          check(operation, vector);
          added.put(operation.key(), vector);
        }
      }
      return added;
    } catch (IOException e) {
      LOG.warn("the update of step {} is left out: {}", step, e.getMessage());
      return Map.of();
    }
  }

  private static void check(SharedOperation operation, float[] vector) throws IOException {
    if (vector.length != operation.length()) {
      throw new IOException(operation.key() + " has " + vector.length + " numbers");
    }
    for (float value : vector) {
      if (!Float.isFinite(value)) {
        throw new IOException(operation.key() + " holds " + value);
      }
    }
  }

  /**
   * Removes the versions from which no step will start any more, and what only they need.
   *
   * @param oldest the first version that is kept
   * @throws IOException if a file cannot be removed
   */
  public void collect(long oldest) throws IOException {
    List<WeightIndex> gone;
    Set<String> kept = new HashSet<>();
    synchronized (this) {
      gone = new ArrayList<>(versions.headMap(oldest).values());
      versions.headMap(oldest).clear();
      versions.values().forEach(index -> kept.addAll(index.digests()));
    }
    for (WeightIndex index : gone) {
      for (String digest : index.digests()) {
        if (!kept.contains(digest)) {
          store.delete(digest);
        }
      }
    }
  }
}
