package io.skyline.coordinator.sharing;

import io.skyline.coordinator.artifact.ArtifactStore;
import io.skyline.coordinator.artifact.Fingerprint;
import io.skyline.coordinator.artifact.StoredPart;
import io.skyline.coordinator.search.Artifact;
import io.skyline.coordinator.search.Sharing;
import io.skyline.sharing.SharedLayout;
import io.skyline.sharing.SharedOperation;
import io.skyline.sharing.VectorFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
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
 * update of step d, operation by operation. What a step changes is one file, of which each
 * operation's numbers are a part. An operation that was never trained begins as the seed and its
 * key say.
 *
 * <p>Versions are a function of the seed and the updates: merging a step again gives the same
 * digest. May be used by several threads; merges are made by one.
 */
public final class SharedWeights {
  private static final Logger LOG = LoggerFactory.getLogger(SharedWeights.class);

  /**
   * So many files hold the newest version; before there are more, what the oldest still holds is
   * stored again.
   */
  private static final int MOST_FILES = 64;

  private final ArtifactStore store;
  private final String label;
  private final long seed;
  private final TreeMap<Long, Version> versions = new TreeMap<>();

  /** An index, and the files that are kept for it: its own, if it has one, and those it names. */
  private record Version(WeightIndex index, Set<String> files) {
    static Version of(WeightIndex index, String digest) {
      Set<String> files = index.containers();
      files.add(digest);
      return new Version(index, files);
    }
  }

  private SharedWeights(ArtifactStore store, String label, long seed) {
    this.store = store;
    this.label = label;
    this.seed = seed;
    versions.put(0L, new Version(WeightIndex.empty(label), Set.of()));
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
        version++;
        WeightIndex index = WeightIndex.read(bytes(store, digest));
        store.know(index.parts());
        weights.versions.put(version, Version.of(index, digest));
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
        digests.addAll(WeightIndex.read(bytes(store, version)).containers());
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
    @Nullable Version known = versions.get(version);
    if (known == null) {
      throw new IllegalStateException("there is no version " + version + " of the shared weights");
    }
    return known.index();
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
    WeightIndex after = before;
    if (!added.isEmpty()) {
      Map<String, byte[]> changed = new TreeMap<>();
      for (SharedOperation operation : layout.operations()) {
        float[] delta = added.get(operation.key());
        if (delta != null) {
          float[] sum = sum(before, operation, delta);
          changed.put(operation.key(), file(operation.key(), sum));
        }
      }
      if (before.containers().size() >= MOST_FILES) {
        for (Map.Entry<String, WeightIndex.Entry> old : before.oldest().entrySet()) {
          if (!changed.containsKey(old.getKey())) {
            changed.put(old.getKey(), bytes(store, old.getValue().part().digest()));
          }
        }
      }
      after = before.with(store(step, changed));
    }
    String digest = store.put(after.bytes());
    synchronized (this) {
      versions.put(step, Version.of(after, digest));
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
    VectorFile file = VectorFile.read(bytes(store, stored.part().digest()));
    float[] vector = file.vectors().get(operation.key());
    if (vector == null || vector.length != operation.length()) {
      throw new IOException(stored.part().digest() + " does not hold " + operation.key());
    }
    return vector;
  }

  private byte[] file(String key, float[] vector) {
    return new VectorFile(label, Map.of(key, vector)).bytes();
  }

  /** Stores the files of a step as parts of one. */
  private Map<String, WeightIndex.Entry> store(long step, Map<String, byte[]> files)
      throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    // a file with a single part is another than that part
    all.write("skyline-weights %s %d\n".formatted(label, step).getBytes(StandardCharsets.UTF_8));
    long offset = all.size();
    for (byte[] file : files.values()) {
      all.write(file);
    }
    String container = store.put(all.toByteArray());
    Map<String, WeightIndex.Entry> entries = new HashMap<>();
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      String digest = Fingerprint.of(file.getValue()).digest();
      StoredPart part = new StoredPart(digest, container, offset, file.getValue().length);
      entries.put(file.getKey(), new WeightIndex.Entry(part, step));
      offset += file.getValue().length;
    }
    store.know(entries.values().stream().map(WeightIndex.Entry::part).toList());
    return entries;
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
   * @param update that is merged into it or a later one
   * @throws IOException if a file cannot be removed
   */
  public void collect(long oldest, Optional<Artifact> update) throws IOException {
    List<Version> gone;
    Set<String> kept = new HashSet<>();
    synchronized (this) {
      gone = new ArrayList<>(versions.headMap(oldest).values());
      versions.headMap(oldest).clear();
      versions.values().forEach(version -> kept.addAll(version.files()));
    }
    if (update.isPresent() && !kept.contains(update.get().digest())) {
      store.delete(update.get().digest());
    }
    for (Version version : gone) {
      for (String digest : version.files()) {
        if (!kept.contains(digest)) {
          store.delete(digest);
        }
      }
    }
  }
}
