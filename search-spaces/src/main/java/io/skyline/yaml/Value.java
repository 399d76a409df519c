package io.skyline.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A value of a document and its place; immutable. */
public sealed interface Value {
  Place place();

  /** As named in problems: {@code a list}. */
  String kind();

  /**
   * A single word, number or text.
   *
   * @param text without quotes
   * @param quoted whether it was written in quotes
   */
  record Scalar(Place place, String text, boolean quoted) implements Value {
    /** Whether nothing stands here: a key without a value, {@code ~} or {@code null}. */
    public boolean isNull() {
      return !quoted && (text.isEmpty() || text.equals("~") || text.equals("null"));
    }

    @Override
    public String kind() {
      return isNull() ? "nothing" : "'" + text + "'";
    }
  }

  /** {@code [a, b]}, or lines that begin with a dash. */
  record Sequence(Place place, List<Value> items) implements Value {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** Keys, each once, and their values, in the order in which they were written. */
  record Mapping(Place place, List<Entry> entries) implements Value {
    public Mapping {
      entries = List.copyOf(entries);
    }

    @Override
    public String kind() {
      return "a group of keys";
    }

    /** The entry of a key. */
    public Optional<Entry> entry(String key) {
      return entries.stream().filter(entry -> entry.name().equals(key)).findFirst();
    }

    /** This mapping with a key's value replaced, or the key added at its end. */
    public Mapping with(Scalar key, Value value) {
      List<Entry> changed = new ArrayList<>(entries);
      for (int i = 0; i < changed.size(); i++) {
        if (changed.get(i).name().equals(key.text())) {
          changed.set(i, new Entry(changed.get(i).key(), value));
          return new Mapping(place, changed);
        }
      }
      changed.add(new Entry(key, value));
      return new Mapping(place, changed);
    }
  }

  /** One key of a mapping. */
  record Entry(Scalar key, Value value) {
    public String name() {
      return key.text();
    }
  }
}
