package io.skyline.space;

import io.skyline.space.Decision.Kind;
import io.skyline.space.Decision.When;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Problems;
import io.skyline.yaml.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Reads settings that may each be one value, a list of values, or for numbers a range ({@code
 * {from: 8, to: 32, step: 8}} or {@code {from: 8, to: 64, factor: 2}}), and collects the decisions
 * that follow.
 */
final class Choices {
  private static final int MOST_VALUES = 1_000;

  private final List<Decision> decisions = new ArrayList<>();
  private final Problems problems;

  Choices(Problems problems) {
    this.problems = problems;
  }

  List<Decision> decisions() {
    return List.copyOf(decisions);
  }

  /** Starts with a mapping of settings; anything else is a problem. */
  Fields fields(String name, Value value, String example) {
    return Fields.of(name, value, example, problems);
  }

  /** A decision that no key of its own stands for. */
  Setting choice(String decision, List<String> values) {
    return setting(
        decision, Kind.CATEGORICAL, new LinkedHashSet<>(values), values.get(0), Optional.empty());
  }

  /** Says that a key must be there; it is still to be read. */
  void need(Fields fields, String key, String example) {
    if (!fields.has(key)) {
      fields.require(key, example);
    }
  }

  /** The channels of a convolution, which must be given. */
  Setting width(Fields fields, String decision, Optional<When> when) {
    need(fields, "width", "width: [16, 32]");
    return numbers(fields, "width", decision, "8", Range.eights(8, 512), when);
  }

  /** The extent of a kernel over inputs of a kind. */
  Setting kernel(Fields fields, String decision, InputKind input, Optional<When> when) {
    return words(fields, "kernel", decision, "3", input.kernels(), when);
  }

  /** A rate of dropout. */
  Setting dropout(Fields fields, String decision, Optional<When> when) {
    return numbers(fields, "dropout", decision, "0", Range.of(0, 0.9), when);
  }

  /** Passes over the training data after a step of a recipe. */
  Setting fineTuneEpochs(Fields fields, String prefix, Optional<When> when) {
    String key = "fine_tune_epochs";
    return numbers(fields, key, prefix + key, "1", Range.whole(0, 1000), when);
  }

  /**
   * A setting of words.
   *
   * @param fallback the value if the key is absent
   */
  Setting words(
      Fields fields,
      String key,
      String decision,
      String fallback,
      List<String> known,
      Optional<When> when) {
    return words(fields, fields.take(key), key, decision, fallback, known, when);
  }

  /** The same for a value that was taken already, perhaps for several decisions. */
  Setting words(
      Fields fields,
      Optional<Value> value,
      String key,
      String decision,
      String fallback,
      List<String> known,
      Optional<When> when) {
    Set<String> words = words(fields, value, key, known);
    boolean numbers = known.stream().allMatch(word -> Fields.number(word).isPresent());
    return setting(decision, numbers ? Kind.ORDINAL : Kind.CATEGORICAL, words, fallback, when);
  }

  /** Words that are a decision even if there is only one. */
  Setting decided(Fields fields, String key, String decision, List<String> known) {
    Set<String> words = words(fields, fields.take(key), key, known);
    if (words.isEmpty()) {
      return Setting.fixed(known.get(0));
    }
    decisions.add(new Decision(decision, Kind.CATEGORICAL, List.copyOf(words), Optional.empty()));
    return new Setting(decision, List.copyOf(words));
  }

  private Set<String> words(Fields fields, Optional<Value> value, String key, List<String> known) {
    Set<String> words = new LinkedHashSet<>();
    for (Value item : value.map(v -> items(v, key)).orElse(List.of())) {
      fields.word(item, key, known).ifPresent(word -> addOnce(words, word, item, key));
    }
    return words;
  }

  /** A setting of numbers; in a list they are in the order of the list. */
  Setting numbers(
      Fields fields,
      String key,
      String decision,
      String fallback,
      Range range,
      Optional<When> when) {
    return numbers(fields, fields.take(key), key, decision, fallback, range, when);
  }

  /** The same for a value that was taken already, perhaps for several decisions. */
  Setting numbers(
      Fields fields,
      Optional<Value> value,
      String key,
      String decision,
      String fallback,
      Range range,
      Optional<When> when) {
    Set<String> numbers = new LinkedHashSet<>();
    if (value.isEmpty()) {
      return Setting.fixed(fallback);
    }
    if (value.get() instanceof Value.Mapping) {
      numbers.addAll(range(value.get(), key, range));
    } else {
      for (Value item : items(value.get(), key)) {
        OptionalDouble number = number(fields, item, key, range);
        if (number.isPresent()) {
          addOnce(numbers, Fields.plain(number.getAsDouble()), item, key);
        }
      }
    }
    return setting(decision, Kind.ORDINAL, numbers, fallback, when);
  }

  private Setting setting(
      String decision, Kind kind, Set<String> values, String fallback, Optional<When> when) {
    if (values.size() < 2) {
      return Setting.fixed(values.isEmpty() ? fallback : values.iterator().next());
    }
    decisions.add(new Decision(decision, kind, List.copyOf(values), when));
    return new Setting(decision, List.copyOf(values));
  }

  private List<Value> items(Value value, String key) {
    if (!(value instanceof Value.Sequence list)) {
      return List.of(value);
    }
    if (list.items().isEmpty()) {
      problems.add(value.place(), "'" + key + "' has no values to choose from", "List one.");
    }
    return list.items();
  }

  /**
   * What a list says of each part of a network: a value, or a list of choices.
   *
   * @param example of such a list
   */
  List<Value> parts(Value value, String key, int most, String example) {
    if (value instanceof Value.Sequence list
        && !list.items().isEmpty()
        && list.items().size() <= most) {
      return list.items();
    }
    problems.add(
        value.place(),
        "'%s' lists a value, or a list of choices, for each of 1 to %d parts of the network"
            .formatted(key, most),
        "Write, for example, " + key + ": " + example + ".");
    return List.of();
  }

  private void addOnce(Set<String> values, String value, Value item, String key) {
    if (!values.add(value)) {
      problems.add(item.place(), "'" + key + "' lists " + value + " twice", "Remove one of them.");
    }
  }

  private OptionalDouble number(Fields fields, Value item, String key, Range range) {
    OptionalDouble number = fields.number(item, key, range.least(), range.most());
    if (number.isPresent() && range.multipleOf() > 0) {
      double steps = number.getAsDouble() / range.multipleOf();
      if (steps != Math.rint(steps)) {
        problems.add(
            item.place(),
            range.multipleOf() == 1
                ? "'" + key + "' is a whole number, not " + item.kind()
                : "'" + key + "' goes in steps of " + range.multipleOf() + ", not " + item.kind(),
            "Write " + (int) Math.max(1, Math.round(steps)) * range.multipleOf() + ".");
        return OptionalDouble.empty();
      }
    }
    return number;
  }

  private List<String> range(Value value, String key, Range range) {
    Fields fields = Fields.of(key, value, "{from: 8, to: 32, step: 8}", problems);
    Optional<Value> from = fields.require("from", "{from: 8, to: 32, step: 8}");
    Optional<Value> to = fields.require("to", "{from: 8, to: 32, step: 8}");
    Optional<Value> step = fields.take("step");
    Optional<Value> factor = fields.take("factor");
    fields.end();
    if (step.isPresent() == factor.isPresent()) {
      problems.add(
          value.place(),
          "the range '" + key + "' needs either a step or a factor",
          "Write, for example, {from: 8, to: 32, step: 8}.");
    }
    OptionalDouble first =
        from.map(v -> number(fields, v, key, range)).orElse(OptionalDouble.empty());
    OptionalDouble last = to.map(v -> number(fields, v, key, range)).orElse(OptionalDouble.empty());
    OptionalDouble by =
        step.map(v -> fields.number(v, "step", Double.MIN_NORMAL, range.most()))
            .or(() -> factor.map(v -> fields.number(v, "factor", 1.001, 1e6)))
            .orElse(OptionalDouble.empty());
    if (first.isEmpty() || last.isEmpty() || by.isEmpty()) {
      return List.of();
    }
    return writtenOut(
        value,
        key,
        range,
        first.getAsDouble(),
        last.getAsDouble(),
        BigDecimal.valueOf(by.getAsDouble()),
        step.isPresent());
  }

  private List<String> writtenOut(
      Value value, String key, Range range, double first, double last, BigDecimal by, boolean add) {
    List<String> written = new ArrayList<>();
    BigDecimal end = BigDecimal.valueOf(last);
    BigDecimal next = BigDecimal.valueOf(first);
    while (next.compareTo(end) <= 0 && written.size() <= MOST_VALUES) {
      double number = next.doubleValue();
      boolean fits = range.multipleOf() == 0 || number % range.multipleOf() == 0;
      if (!fits) {
        problems.add(
            value.place(),
            "the range '"
                + key
                + "' reaches "
                + Fields.plain(number)
                + ", but goes in steps of "
                + range.multipleOf(),
            "Choose a step that is a multiple of " + range.multipleOf() + ".");
        return List.of();
      }
      written.add(Fields.plain(number));
      next = add ? next.add(by) : next.multiply(by);
    }
    if (written.isEmpty() || written.size() > MOST_VALUES) {
      problems.add(
          value.place(),
          written.isEmpty()
              ? "the range '" + key + "' is empty: it ends before it begins"
              : "the range '" + key + "' has more than " + MOST_VALUES + " values",
          written.isEmpty() ? "Swap 'from' and 'to'." : "Choose a larger step.");
      return List.of();
    }
    return written;
  }
}
