package io.skyline.space;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.scorecard.DataCard;
import io.skyline.space.block.Draft;
import io.skyline.space.block.Operation;
import io.skyline.yaml.Fields;
import io.skyline.yaml.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * {@code kind: cell}: the micro space of ENAS (Pham et al. 2018). Two cells are decided, one that
 * keeps the extent and one that halves it; the network repeats them. Each node of a cell adds up
 * two operations on two earlier values: the outputs of the two cells before, numbered 0 and 1, or
 * earlier nodes of the cell, from 2 on.
 *
 * @param width channels of the cells before the first reduction; each reduction doubles them
 * @param cells normal ones before, between and after reductions
 */
record CellNetworks(
    InputKind kind,
    Setting activation,
    Stem stem,
    Setting width,
    Setting cells,
    int reductions,
    CellPlan normal,
    CellPlan reduction,
    Head head)
    implements NetworkPlan {
  private static final int MOST_NODES = 12;

  static CellNetworks read(Fields fields, Choices choices) {
    InputKind input = InputKind.read(fields);
    Setting activation = Activations.read(fields, "activation", choices, Optional.empty());
    Stem stem = Stem.require(fields, input, choices);
    Setting width = choices.width(fields, "width", Optional.empty());
    Setting cells =
        choices.numbers(fields, "cells", "cells", "1", Range.whole(1, 12), Optional.empty());
    int reductions = fields.integer("reductions", 2, 0, 4);
    int nodes = fields.integer("nodes", 3, 1, MOST_NODES);
    choices.need(fields, "operations", "operations: [sep3, sep5, avg3, max3, identity]");
    Optional<Value> operations = fields.take("operations");
    CellPlan normal = cell("normal", nodes, fields, operations, choices);
    CellPlan reduction =
        reductions > 0
            ? cell("reduction", nodes, fields, operations, choices)
            : new CellPlan(List.of());
    return new CellNetworks(
        input,
        activation,
        stem,
        width,
        cells,
        reductions,
        normal,
        reduction,
        Head.read(fields, choices));
  }

  private static CellPlan cell(
      String name, int nodes, Fields fields, Optional<Value> operations, Choices choices) {
    List<CellPlan.NodePlan> plans = new ArrayList<>();
    for (int i = 1; i <= nodes; i++) {
      String node = name + ".node" + i;
      List<String> earlier = IntStream.rangeClosed(0, i).mapToObj(Integer::toString).toList();
      plans.add(
          new CellPlan.NodePlan(
              choices.choice(node + ".input1", earlier),
              operation(node + ".op1", fields, operations, choices),
              choices.choice(node + ".input2", earlier),
              operation(node + ".op2", fields, operations, choices)));
    }
    return new CellPlan(plans);
  }

  private static Setting operation(
      String decision, Fields fields, Optional<Value> operations, Choices choices) {
    return choices.words(
        fields,
        operations,
        "operations",
        decision,
        "identity",
        Operation.words(),
        Optional.empty());
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
    String before = draft.last();
    String previous = before;
    int channels = width.integer(genome, space);
    int repeats = cells.integer(genome, space);
    int number = 0;
    for (int part = 0; part <= reductions; part++) {
      int count = part == 0 ? repeats : repeats + 1;
      for (int i = 0; i < count; i++) {
        boolean reduces = part > 0 && i == 0;
        channels = reduces ? 2 * channels : channels;
        Cell cell =
            new Cell(
                "cell" + ++number,
                reduces ? reduction.of(genome, space) : normal.of(genome, space),
                reduces ? 2 : 1,
                channels,
                function);
        String made = cell.lay(draft, before, previous);
        before = previous;
        previous = made;
      }
    }
    draft.from(previous);
    head.lay(draft, genome, space, function, data.outputs());
    return draft.architecture();
  }

  /** The choices of one of the two cells. */
  record CellPlan(List<NodePlan> nodes) {
    CellPlan {
      nodes = List.copyOf(nodes);
    }

    /** The choices of one node. */
    record NodePlan(Setting input1, Setting op1, Setting input2, Setting op2) {}

    List<Cell.Sum> of(Genome genome, SearchSpace space) {
      return nodes.stream()
          .map(
              node ->
                  new Cell.Sum(
                      node.input1.integer(genome, space),
                      Operation.of(node.op1.of(genome, space)),
                      node.input2.integer(genome, space),
                      Operation.of(node.op2.of(genome, space))))
          .toList();
    }
  }
}
