package io.skyline.yaml;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionEndEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.reader.ReaderException;

/**
 * Builds the tree from the parser's events, so that limits hold before anything is expanded: an
 * alias costs as many values as what it names, and they are counted.
 */
final class TreeBuilder {
  private static final int DEEPEST = 32;
  private static final int MOST_VALUES = 20_000;

  private final String source;
  private final Map<String, Value> anchors = new HashMap<>();
  private final Map<String, Integer> weights = new HashMap<>();
  private final List<Open> open = new ArrayList<>();
  private int values;
  private @Nullable Value root;
  private int documents;

  /** A list or mapping whose end has not come. */
  private static final class Open {
    final Place place;
    final boolean sequence;
    final @Nullable String anchor;
    final int valuesBefore;
    final List<Value> items = new ArrayList<>();
    final List<Value.Entry> entries = new ArrayList<>();
    Value.@Nullable Scalar key;

    Open(Place place, boolean sequence, @Nullable String anchor, int valuesBefore) {
      this.place = place;
      this.sequence = sequence;
      this.anchor = anchor;
      this.valuesBefore = valuesBefore;
    }
  }

  private TreeBuilder(String source) {
    this.source = source;
  }

  static Value build(String text, String source) {
    TreeBuilder builder = new TreeBuilder(source);
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Document.LARGEST);
    options.setNestingDepthLimit(DEEPEST + 2);
    try {
      for (Event event : new Yaml(options).parse(new StringReader(text))) {
        builder.accept(event);
      }
    } catch (MarkedYAMLException e) {
      throw SyntaxProblem.of(e, text, source);
    } catch (ReaderException e) {
      throw SyntaxProblem.of(e, text, source);
    } catch (YAMLException e) {
      throw builder.invalid(
          new Place(source, 1, 1), String.valueOf(e.getMessage()), "Simplify the file.");
    }
    if (builder.root == null) {
      throw builder.invalid(
          new Place(source, 1, 1), "the file is empty", "Write at least one key.");
    }
    return builder.root;
  }

  private void accept(Event event) {
    if (event instanceof DocumentStartEvent && ++documents > 1) {
      throw invalid(place(event), "a second document begins here", "Remove the '---' before it.");
    }
    if (event instanceof AliasEvent alias) {
      expand(alias);
    } else if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar.getTag(), event);
      boolean quoted = !scalar.isPlain();
      Value value = new Value.Scalar(place(event), scalar.getValue(), quoted);
      count(event, 1);
      name(scalar, value, 1);
      put(event, value);
    } else if (event instanceof CollectionStartEvent start) {
      begin(start);
    } else if (event instanceof CollectionEndEvent) {
      end(event);
    }
  }

  private void begin(CollectionStartEvent start) {
    refuseTag(start.getTag(), start);
    if (open.size() >= DEEPEST) {
      throw invalid(
          place(start), "values are nested more than " + DEEPEST + " deep", "Flatten them.");
    }
    boolean sequence = start instanceof SequenceStartEvent;
    open.add(new Open(place(start), sequence, start.getAnchor(), values));
    count(start, 1);
  }

  private void end(Event event) {
    Open closed = open.remove(open.size() - 1);
    Value value =
        closed.sequence
            ? new Value.Sequence(closed.place, closed.items)
            : new Value.Mapping(closed.place, closed.entries);
    if (closed.anchor != null) {
      anchors.put(closed.anchor, value);
      weights.put(closed.anchor, values - closed.valuesBefore);
    }
    put(event, value);
  }

  private void expand(AliasEvent alias) {
    Value value = anchors.get(alias.getAnchor());
    if (value == null) {
      boolean inside = open.stream().anyMatch(o -> alias.getAnchor().equals(o.anchor));
      throw invalid(
          place(alias),
          inside
              ? "'*" + alias.getAnchor() + "' stands inside what it names"
              : "nothing is named '&" + alias.getAnchor() + "'",
          "Write the values out.");
    }
    count(alias, weights.getOrDefault(alias.getAnchor(), 1));
    put(alias, value);
  }

  private void name(NodeEvent event, Value value, int weight) {
    if (event.getAnchor() != null) {
      anchors.put(event.getAnchor(), value);
      weights.put(event.getAnchor(), weight);
    }
  }

  private void count(Event event, int more) {
    values += more;
    if (values > MOST_VALUES) {
      throw invalid(
          place(event),
          "with its aliases expanded the file has more than " + MOST_VALUES + " values",
          "Write the values out without aliases.");
    }
  }

  private void put(Event event, Value value) {
    if (open.isEmpty()) {
      root = value;
      return;
    }
    Open parent = open.get(open.size() - 1);
    if (parent.sequence) {
      parent.items.add(value);
    } else if (parent.key == null) {
      parent.key = key(event, value, parent);
    } else {
      parent.entries.add(new Value.Entry(parent.key, value));
      parent.key = null;
    }
  }

  private Value.Scalar key(Event event, Value value, Open parent) {
    if (!(value instanceof Value.Scalar key)) {
      throw invalid(place(event), "a key is a word, not " + value.kind(), "Write 'key: value'.");
    }
    Optional<Value.Entry> earlier =
        parent.entries.stream().filter(entry -> entry.name().equals(key.text())).findFirst();
    if (earlier.isPresent()) {
      throw invalid(
          place(event),
          "the key '" + key.text() + "' stands twice",
          "Remove this one or the one at line " + earlier.get().key().place().line() + ".");
    }
    return key;
  }

  private void refuseTag(@Nullable String tag, Event event) {
    if (tag != null) {
      throw invalid(place(event), "the tag '" + tag + "' has no meaning here", "Remove it.");
    }
  }

  private Place place(Event event) {
    return at(source, event.getStartMark());
  }

  static Place at(String source, Mark mark) {
    return new Place(source, mark.getLine() + 1, mark.getColumn() + 1);
  }

  private InvalidDocumentException invalid(Place place, String what, String suggestion) {
    return new InvalidDocumentException(place, what, suggestion);
  }
}
