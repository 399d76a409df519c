package io.skyline.yaml;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lays {@code key.inner=value} options over a document before anything reads it. */
public final class Overrides {
  private Overrides() {}

  /**
   * The document with each option's value in place of what was there, or added; values are YAML.
   *
   * @param options in the form {@code budget.trials=9}; later ones win
   * @throws InvalidDocumentException pointing at the option that cannot be applied
   */
  public static Value apply(Value document, List<String> options) {
    Value changed = document;
    for (String option : options) {
      Place place = new Place("--set " + option, 0, 0);
      int equals = option.indexOf('=');
      if (equals < 1 || option.substring(0, equals).isBlank()) {
        throw new InvalidDocumentException(
            place, "is no key=value", "Write, for example, --set budget.trials=9.");
      }
      List<String> path = List.of(option.substring(0, equals).strip().split("\\.", -1));
      changed = put(changed, path, parse(option.substring(equals + 1), place), place);
    }
    return changed;
  }

  private static Value parse(String text, Place place) {
    if (text.isBlank()) {
      return new Value.Scalar(place, "", false);
    }
    try {
      return moved(Document.read(text.getBytes(StandardCharsets.UTF_8), place.source()), place);
    } catch (InvalidDocumentException e) {
      Problem first = e.problems().get(0);
      throw new InvalidDocumentException(place, first.what(), first.suggestion());
    }
  }

  private static Value moved(Value value, Place place) {
    if (value instanceof Value.Sequence list) {
      return new Value.Sequence(
          place, list.items().stream().map(item -> moved(item, place)).toList());
    }
    if (value instanceof Value.Mapping mapping) {
      return new Value.Mapping(
          place,
          mapping.entries().stream()
              .map(e -> new Value.Entry(scalar(e.name(), place), moved(e.value(), place)))
              .toList());
    }
    Value.Scalar scalar = (Value.Scalar) value;
    return new Value.Scalar(place, scalar.text(), scalar.quoted());
  }

  private static Value.Scalar scalar(String text, Place place) {
    return new Value.Scalar(place, text, false);
  }

  private static Value put(Value into, List<String> path, Value value, Place place) {
    if (path.isEmpty()) {
      return value;
    }
    if (!(into instanceof Value.Mapping mapping)) {
      throw new InvalidDocumentException(
          place,
          "'" + path.get(0) + "' would stand in " + into.kind() + ", which has no keys",
          "Set the whole value instead.");
    }
    String key = path.get(0);
    List<String> rest = path.subList(1, path.size());
    Value below =
        mapping
            .entry(key)
            .map(Value.Entry::value)
            .orElseGet(() -> new Value.Mapping(place, List.of()));
    return mapping.with(scalar(key, place), put(below, rest, value, place));
  }
}
