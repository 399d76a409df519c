package io.skyline.coordinator.sharing;

import io.skyline.coordinator.artifact.StoredPart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which artifact holds the numbers of each operation in one version of the shared weights. An
 * operation that no step has trained yet is not in it.
 *
 * <p>As an artifact: UTF-8 lines, the first {@code skyline-weights 1} and the label, then {@code
 * key digest container offset bytes step} in the keys' order.
 */
public final class WeightIndex {
  private static final String TITLE = "skyline-weights 1 ";

  private final String label;
  private final SortedMap<String, Entry> entries;

  private WeightIndex(String label, SortedMap<String, Entry> entries) {
    this.label = label;
    this.entries = Collections.unmodifiableSortedMap(entries);
  }

  /**
   * A stored vector.
   *
   * @param part its file, within one that holds all of a step
   * @param step that stored it
   */
  public record Entry(StoredPart part, long step) {}

  static WeightIndex empty(String label) {
    return new WeightIndex(label, new TreeMap<>());
  }

  /** The file of an operation's numbers, if a step has trained it. */
  public Optional<Entry> get(String key) {
    @Nullable Entry entry = entries.get(key);
    return Optional.ofNullable(entry);
  }

  WeightIndex with(Map<String, Entry> changed) {
    SortedMap<String, Entry> all = new TreeMap<>(entries);
    all.putAll(changed);
    return new WeightIndex(label, all);
  }

  /** The digests of the files that hold all of it. */
  Set<String> containers() {
    Set<String> digests = new HashSet<>();
    entries.values().forEach(entry -> digests.add(entry.part().container()));
    return digests;
  }

  /** All files. */
  List<StoredPart> parts() {
    return entries.values().stream().map(Entry::part).toList();
  }

  /** The operations that the earliest of the steps stored which hold any, by key. */
  Map<String, Entry> oldest() {
    long first = entries.values().stream().mapToLong(Entry::step).min().orElse(0);
    Map<String, Entry> oldest = new TreeMap<>(entries);
    oldest.values().removeIf(entry -> entry.step() != first);
    return oldest;
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder(TITLE).append(label).append('\n');
    entries.forEach(
        (key, entry) ->
            text.append(key)
                .append(' ')
                .append(entry.part().digest())
                .append(' ')
                .append(entry.part().container())
                .append(' ')
                .append(entry.part().offset())
                .append(' ')
                .append(entry.part().bytes())
                .append(' ')
                .append(entry.step())
                .append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads an index.
   *
   * @throws IOException if the bytes are anything else
   */
  static WeightIndex read(byte[] bytes) throws IOException {
    String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n");
    if (!lines[0].startsWith(TITLE)) {
      throw new IOException("no index of shared weights");
    }
    SortedMap<String, Entry> entries = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      String[] words = lines[i].split(" ");
      if (words.length != 6 || !(words[3] + words[4] + words[5]).matches("\\d{3,54}")) {
        throw new IOException("line " + (i + 1) + " of an index of shared weights is damaged");
      }
      StoredPart part =
          new StoredPart(words[1], words[2], Long.parseLong(words[3]), Long.parseLong(words[4]));
      entries.put(words[0], new Entry(part, Long.parseLong(words[5])));
    }
    return new WeightIndex(lines[0].substring(TITLE.length()), entries);
  }
}
