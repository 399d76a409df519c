package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.space.Decision.When;
import io.skyline.space.block.Draft;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Value;
import java.util.List;
import java.util.Optional;

/**
 * What turns maps into class scores: pooled or flattened, perhaps a hidden layer, whose kernel may
 * be a pair of low rank, perhaps dropout.
 */
record Head(Setting kind, Setting hidden, Setting rank, Setting dropout) {
  private static final Head POOLED =
      new Head(Setting.fixed("pooled"), Setting.fixed("0"), Setting.fixed("0"), Setting.fixed("0"));

  /** Reads the key {@code head}, or gives what stands for it where it is left out. */
  static Head read(Fields space, Choices choices) {
    return space.take("head").map(value -> read(value, choices)).orElse(POOLED);
  }

  private static Head read(Value value, Choices choices) {
    Fields fields = choices.fields("head", value, "head: {kind: [pooled, flattened]}");
    Setting kind =
        choices.words(
            fields,
            "kind",
            "head.kind",
            "pooled",
            List.of("pooled", "flattened"),
            Optional.empty());
    Setting hidden =
        choices.numbers(
            fields, "hidden", "head.hidden", "0", Range.eights(0, 1024), Optional.empty());
    Optional<When> wide = hidden.unless("0", Optional.empty());
    Setting rank = choices.numbers(fields, "rank", "head.rank", "0", Range.eights(0, 512), wide);
    Setting dropout = choices.dropout(fields, "head.dropout", Optional.empty());
    fields.end();
    return new Head(kind, hidden, rank, dropout);
  }

  void lay(Draft draft, Genome genome, SearchSpace space, Activation activation, int classes) {
    boolean pooled = kind.of(genome, space).equals("pooled");
    draft.add("head", pooled ? new GlobalAveragePool() : new Flatten());
    int width = hidden.integer(genome, space);
    if (width > 0) {
      int pair = rank.integer(genome, space);
      if (pair > 0) {
        draft.add("hidden_pair", new Dense(pair, false));
      }
      draft.add("hidden", new Dense(width, true));
      draft.add("hidden_act", activation);
    }
    double rate = dropout.number(genome, space);
    if (rate > 0) {
      draft.add("dropout", new Dropout(rate));
    }
    draft.add("scores", new Dense(classes, true));
  }
}
