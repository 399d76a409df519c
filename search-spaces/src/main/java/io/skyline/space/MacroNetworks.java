package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.scorecard.DataCard;
import io.skyline.space.block.Draft;
import io.skyline.space.block.Operation;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code kind: macro}: the macro space of ENAS (Pham et al. 2018). Every layer has an operation,
 * reads the layer before it, and may also read any earlier one: what it reads is joined and brought
 * back to its width by a 1x1 convolution. L layers of k operations make k^L 2^(L(L-1)/2) genomes.
 *
 * @param stem gives the channels of the layers before the first reduction; each doubles them
 * @param reductions where the extent halves, at equal distances
 */
record MacroNetworks(
    InputKind kind,
    Setting activation,
    Stem stem,
    int reductions,
    List<LayerPlan> layers,
    Head head)
    implements NetworkPlan {
  private static final int MOST_LAYERS = 24;

  MacroNetworks {
    layers = List.copyOf(layers);
  }

  /**
   * The choices of one layer.
   *
   * @param skips whether it also reads the stem (the first of them), layer 1, and so on up to the
   *     last but one before it
   */
  record LayerPlan(Setting operation, List<Setting> skips) {
    LayerPlan {
      skips = List.copyOf(skips);
    }
  }

  static MacroNetworks read(Fields fields, Choices choices) {
    InputKind input = InputKind.read(fields);
    Setting activation = Activations.read(fields, "activation", choices, Optional.empty());
    Stem stem = Stem.require(fields, input, choices);
    int reductions = fields.integer("reductions", 2, 0, 4);
    int count = fields.integer("layers", 6, 1, MOST_LAYERS);
    boolean skipping = fields.flag("skips", true);
    choices.need(fields, "operations", "operations: [conv3, sep3, sep5, avg3, max3]");
    Optional<Value> operations = fields.take("operations");
    List<LayerPlan> layers = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String name = "layer" + i;
      Setting operation =
          choices.words(
              fields,
              operations,
              "operations",
              name + ".op",
              "conv3",
              Operation.words(),
              Optional.empty());
      List<Setting> skips = new ArrayList<>();
      for (int from = 0; skipping && from < i - 1; from++) {
        skips.add(choices.choice(name + ".skip" + from, List.of("no", "yes")));
      }
      layers.add(new LayerPlan(operation, skips));
    }
    return new MacroNetworks(
        input, activation, stem, reductions, layers, Head.read(fields, choices));
  }

  @Override
  public Optional<InputKind> input() {
    return Optional.of(kind);
  }

  @Override
  public Architecture build(Genome genome, SearchSpace space, DataCard data) {
    Activation function = Activations.of(activation, genome, space);
    Draft draft = kind.draft(data.input());
    stem.lay(draft, genome, space, function);
    Outputs outputs = new Outputs(draft, function);
    outputs.add(0);
    for (int i = 1; i <= layers.size(); i++) {
      int part = (i - 1) * (reductions + 1) / layers.size();
      LayerPlan layer = layers.get(i - 1);
      // a layer whose operation is the identity gives on what it read
      Set<String> read = new LinkedHashSet<>();
      read.add(outputs.at(i - 1, part));
      for (int from = 0; from < layer.skips.size(); from++) {
        if (layer.skips.get(from).of(genome, space).equals("yes")) {
          read.add(outputs.at(from, part));
        }
      }
      String name = "layer" + i;
      String input = read.iterator().next();
      if (read.size() > 1) {
        int width = draft.shape(input).channels();
        draft.add(name + "_join", new Concat(), List.copyOf(read));
        input = draft.activated(name + "_in", Convolution.pointwise(width), function);
      }
      draft.from(
          Operation.of(layer.operation.of(genome, space)).lay(draft, name, input, 1, function));
      outputs.add(part);
    }
    head.lay(draft, genome, space, function, data.outputs());
    return draft.architecture();
  }

  /** What the layers gave, halved and widened where a later part of the network reads it. */
  private static final class Outputs {
    private final Draft draft;
    private final Activation activation;
    private final List<Map<Integer, String>> byPart = new ArrayList<>();

    Outputs(Draft draft, Activation activation) {
      this.draft = draft;
      this.activation = activation;
    }

    /** The last layer of the draft is the next output. */
    void add(int part) {
      byPart.add(new HashMap<>(Map.of(part, draft.last())));
    }

    String at(int layer, int part) {
      String known = byPart.get(layer).get(part);
      if (known != null) {
        return known;
      }
      draft.from(at(layer, part - 1));
      Convolution halving = new Convolution(2 * draft.channels(), 1, 2, 0, 1, false);
      String made = draft.activated("part" + part + "_of" + layer, halving, activation);
      byPart.get(layer).put(part, made);
      return made;
    }
  }
}
