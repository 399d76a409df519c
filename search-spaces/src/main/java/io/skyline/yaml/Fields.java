package io.skyline.yaml;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * Reads one mapping key by key. What does not fit becomes a problem and the key's default is
 * returned, so that reading goes on; keys that were never asked for are unknown at the {@link
 * #end}.
 */
public final class Fields {
  private final String name;
  private final Place place;
  private final List<Value.Entry> left;
  private final List<String> known = new ArrayList<>();
  private final Problems problems;

  private Fields(String name, Place place, List<Value.Entry> entries, Problems problems) {
    this.name = name;
    this.place = place;
    this.left = new ArrayList<>(entries);
    this.problems = problems;
  }

  /**
   * Starts with a mapping; anything else is a problem.
   *
   * @param name as problems call it: {@code budget}
   * @param example of a right value, for the suggestion
   */
  public static Fields of(String name, Value value, String example, Problems problems) {
    if (value instanceof Value.Mapping mapping) {
      return new Fields(name, value.place(), mapping.entries(), problems);
    }
    problems.add(
        value.place(),
        name + " is a group of keys, not " + value.kind(),
        "Write, for example, " + example + ".");
    return new Fields(name, value.place(), List.of(), new Problems());
  }

  /** Where the mapping begins. */
  public Place place() {
    return place;
  }

  /** Whether a key is there and was not taken yet. */
  public boolean has(String key) {
    return left.stream().anyMatch(entry -> entry.name().equals(key));
  }

  /** The value of a key, which is then known; empty if the key is absent or has no value. */
  public Optional<Value> take(String key) {
    known.add(key);
    for (Value.Entry entry : left) {
      if (entry.name().equals(key)) {
        left.remove(entry);
        boolean empty = entry.value() instanceof Value.Scalar scalar && scalar.isNull();
        if (empty) {
          problems.add(
              entry.key().place(), "'" + key + "' has no value", "Give it one, or remove the key.");
        }
        return empty ? Optional.empty() : Optional.of(entry.value());
      }
    }
    return Optional.empty();
  }

  /** The keys of a group within this one, if it is there. */
  public Optional<Fields> group(String key, String example) {
    return take(key).map(value -> Fields.of(key, value, example, problems));
  }

  /** The value of a key that must be there. */
  public Optional<Value> require(String key, String example) {
    if (!has(key)) {
      problems.add(place, name + " needs '" + key + "'", "Write, for example, " + example + ".");
    }
    return take(key);
  }

  /** A whole number in [least, most], or the default. */
  public int integer(String key, int fallback, int least, int most) {
    return take(key).map(v -> integer(v, key, least, most).orElse(fallback)).orElse(fallback);
  }

  /** A whole number in [least, most]; empty, with a problem, if it is none. */
  public OptionalInt integer(Value value, String key, int least, int most) {
    OptionalLong whole = whole(value, key, least, most);
    return whole.isPresent()
        ? OptionalInt.of(Math.toIntExact(whole.getAsLong()))
        : OptionalInt.empty();
  }

  /**
   * A whole number in [least, most]; empty, with a problem, if it is none. Up to 2^53 either way,
   * beyond which numbers are not exact.
   */
  public OptionalLong whole(Value value, String key, long least, long most) {
    OptionalDouble number = number(value, key, least, most);
    if (number.isPresent() && number.getAsDouble() != Math.rint(number.getAsDouble())) {
      problems.add(
          value.place(),
          "'" + key + "' is a whole number, not " + value.kind(),
          "Write " + Math.round(number.getAsDouble()) + ".");
      return OptionalLong.empty();
    }
    return number.isPresent() ? OptionalLong.of((long) number.getAsDouble()) : OptionalLong.empty();
  }

  /** A number in [least, most], or the default. */
  public double number(String key, double fallback, double least, double most) {
    return take(key).map(v -> number(v, key, least, most).orElse(fallback)).orElse(fallback);
  }

  /** A number in [least, most]; empty, with a problem, if it is none. */
  public OptionalDouble number(Value value, String key, double least, double most) {
    String range = "between " + plain(least) + " and " + plain(most);
    OptionalDouble number = OptionalDouble.empty();
    if (value instanceof Value.Scalar scalar) {
      number = number(scalar.text());
    }
    if (number.isEmpty()) {
      problems.add(
          value.place(),
          "'" + key + "' is a number, not " + value.kind(),
          "Write a number " + range + ".");
    } else if (number.getAsDouble() < least || number.getAsDouble() > most) {
      problems.add(
          value.place(),
          "'" + key + "' cannot be " + plain(number.getAsDouble()),
          "Write a number " + range + ".");
      return OptionalDouble.empty();
    }
    return number;
  }

  /** A decimal number in its usual notation; nothing else that YAML may take for a number. */
  public static OptionalDouble number(String text) {
    return text.matches("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,3})?")
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }

  /** A number without an exponent or trailing zeros. */
  public static String plain(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1e15) {
      return Long.toString((long) number);
    }
    return new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
  }

  /** {@code true} or {@code false}, or the default. */
  public boolean flag(String key, boolean fallback) {
    return word(key, fallback ? "true" : "false", List.of("true", "false")).equals("true");
  }

  /** One of the known words, or the default. */
  public String word(String key, String fallback, List<String> words) {
    return take(key).flatMap(value -> word(value, key, words)).orElse(fallback);
  }

  /** One of the known words; empty, with a problem, if it is none. */
  public Optional<String> word(Value value, String key, List<String> words) {
    Optional<String> text = text(value, key);
    if (text.isPresent() && !words.contains(text.get())) {
      problems.add(
          value.place(),
          "'" + key + "' cannot be '" + text.get() + "'",
          Spelling.suggest(text.get(), words));
      return Optional.empty();
    }
    return text;
  }

  /** The text of a key, if it is there. */
  public Optional<String> text(String key) {
    return take(key).flatMap(value -> text(value, key));
  }

  /** The text of a scalar; empty, with a problem, if it is none. */
  public Optional<String> text(Value value, String key) {
    if (value instanceof Value.Scalar scalar) {
      return Optional.of(scalar.text());
    }
    problems.add(
        value.place(), "'" + key + "' is a single value, not " + value.kind(), "Write one word.");
    return Optional.empty();
  }

  /** Says that every key has been asked for: those that are left are unknown. */
  public void end() {
    for (Value.Entry entry : left) {
      problems.add(
          entry.key().place(),
          "unknown key '" + entry.name() + "' in " + name,
          Spelling.suggest(entry.name(), known));
    }
    left.clear();
  }
}
