package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Flatten;
import io.skyline.scorecard.DataCard;
import io.skyline.space.Decision.When;
import io.skyline.space.block.Draft;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kind: mlp}: dense layers over tables, each with its own width, whose kernel may be a
 * linear bottleneck pair.
 */
record DenseNetworks(
    Setting activation, Setting depth, Setting normalize, Setting dropout, List<Hidden> layers)
    implements NetworkPlan {
  private static final int MOST_LAYERS = 16;
  private static final String EXAMPLE = "{depth: [1, 2], width: [16, 32]}";

  DenseNetworks {
    layers = List.copyOf(layers);
  }

  /**
   * One hidden layer.
   *
   * @param rank inner width of its pair of kernels; 0 for one kernel
   */
  record Hidden(Setting width, Setting rank) {}

  static DenseNetworks read(Fields fields, Choices choices) {
    Setting activation = Activations.read(fields, "activation", choices, Optional.empty());
    Setting normalize =
        choices.words(
            fields, "normalize", "normalize", "none", List.of("none", "batch"), Optional.empty());
    Setting dropout = choices.dropout(fields, "dropout", Optional.empty());
    Optional<Value> hidden = fields.require("hidden", "hidden: " + EXAMPLE);
    if (hidden.isEmpty()) {
      return new DenseNetworks(activation, Setting.fixed("0"), normalize, dropout, List.of());
    }
    Fields own = choices.fields("hidden", hidden.get(), EXAMPLE);
    Setting depth =
        choices.numbers(own, "depth", "depth", "1", Range.whole(0, MOST_LAYERS), Optional.empty());
    Optional<Value> width = own.require("width", "width: [16, 32]");
    Optional<Value> rank = own.take("rank");
    own.end();
    int most = depth.values().stream().mapToInt(Integer::parseInt).max().orElse(0);
    List<Hidden> layers = new ArrayList<>();
    for (int i = 1; i <= most; i++) {
      Optional<When> deep = atLeast(depth, i);
      String name = "layer" + i;
      layers.add(
          new Hidden(
              choices.numbers(
                  own, width, "width", name + ".width", "8", Range.whole(1, 4096), deep),
              choices.numbers(own, rank, "rank", name + ".rank", "0", Range.whole(0, 512), deep)));
    }
    return new DenseNetworks(activation, depth, normalize, dropout, layers);
  }

  private static Optional<When> atLeast(Setting depth, int layers) {
    Set<String> deep = new LinkedHashSet<>(depth.values());
    deep.removeIf(value -> Integer.parseInt(value) < layers);
    return depth.decision() == null || deep.size() == depth.values().size()
        ? Optional.empty()
        : Optional.of(new When(depth.decision(), deep));
  }

  @Override
  public Architecture build(Genome genome, SearchSpace space, DataCard data) {
    Activation function = Activations.of(activation, genome, space);
    boolean normalized = normalize.of(genome, space).equals("batch");
    double rate = dropout.number(genome, space);
    Draft draft = new Draft(data.input());
    if (!data.input().isFlat()) {
      draft.add("flat", new Flatten());
    }
    for (int i = 1; i <= depth.integer(genome, space); i++) {
      String name = "layer" + i;
      Hidden layer = layers.get(i - 1);
      int rank = layer.rank.integer(genome, space);
      if (rank > 0) {
        draft.add(name + "_pair", new Dense(rank, false));
      }
      draft.add(name, new Dense(layer.width.integer(genome, space), !normalized));
      if (normalized) {
        draft.add(name + "_bn", new BatchNorm());
      }
      draft.add(name + "_act", function);
      if (rate > 0) {
        draft.add(name + "_drop", new Dropout(rate));
      }
    }
    draft.add("scores", new Dense(data.outputs(), true));
    return draft.architecture();
  }
}
