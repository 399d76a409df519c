package io.skyline.coordinator.cli;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.DropPath;
import io.skyline.architecture.Dropout;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.cost.LayerCost;
import io.skyline.cost.NetworkCost;
import io.skyline.scorecard.Quantity;
import io.skyline.scorecard.Unit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A network as text: one row a layer, with shape, parameters and multiply-accumulates.
 * Normalizations, activations and dropping stand in the row of the layer that feeds them; a row
 * reads the one above it unless {@code <-} says otherwise, and rails on the left follow what is
 * read further down.
 */
final class NetworkDrawing {
  private final Architecture network;
  private final Map<String, LayerCost> costs = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();

  /** The row that shows a node, or the input. */
  private final Map<String, Integer> rowOf = new HashMap<>();

  /** Nodes that stand in one row, the last of which gives the row's output. */
  private record Row(List<Node> nodes) {
    Row {
      nodes = new ArrayList<>(nodes);
    }

    Node first() {
      return nodes.get(0);
    }

    String output() {
      return nodes.get(nodes.size() - 1).name();
    }
  }

  private NetworkDrawing(Architecture network, NetworkCost cost) {
    this.network = network;
    cost.layers().forEach(layer -> costs.put(layer.name(), layer));
    Map<String, Integer> readers = new HashMap<>();
    network.nodes().forEach(n -> n.inputs().forEach(in -> readers.merge(in, 1, Integer::sum)));
    rowOf.put(Architecture.INPUT, 0);
    for (Node node : network.nodes()) {
      String input = node.inputs().get(0);
      int row = row(input);
      boolean joins =
          row > 0
              && isAppendix(node.layer())
              && readers.getOrDefault(input, 0) == 1
              && rows.get(row - 1).output().equals(input);
      if (joins) {
        rows.get(row - 1).nodes.add(node);
      } else {
        rows.add(new Row(List.of(node)));
      }
      rowOf.put(node.name(), joins ? row : rows.size());
    }
  }

  private static boolean isAppendix(Layer layer) {
    return layer instanceof BatchNorm
        || layer instanceof Activation
        || layer instanceof Dropout
        || layer instanceof DropPath;
  }

  /** The lines of the drawing; the first one is the input. */
  static List<String> lines(Architecture network, NetworkCost cost) {
    return new NetworkDrawing(network, cost).draw();
  }

  private int row(String node) {
    Integer row = rowOf.get(node);
    if (row == null) {
      throw new IllegalStateException(node + " is read before it is made");
    }
    return row;
  }

  private List<String> draw() {
    List<String> names = new ArrayList<>(List.of(Architecture.INPUT));
    List<String> texts = new ArrayList<>(List.of(""));
    List<List<Integer>> sources = new ArrayList<>(List.of(List.of()));
    for (int i = 1; i <= rows.size(); i++) {
      Node first = rows.get(i - 1).first();
      List<Integer> from = first.inputs().stream().map(this::row).toList();
      sources.add(from);
      names.add(first.name());
      texts.add(text(rows.get(i - 1), from.equals(List.of(i - 1))));
    }
    List<String> rails = new Rails(sources).lines();
    String format =
        "%%s %%-%ds  %%-%ds  %%10s  %%9s  %%9s".formatted(longest(names), longest(texts));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      lines.add(
          String.format(
                  Locale.ROOT,
                  format,
                  rails.get(i),
                  names.get(i),
                  texts.get(i),
                  i == 0 ? network.input() : network.shape(rows.get(i - 1).output()),
                  i == 0 ? "parameters" : total(i, true),
                  i == 0 ? "MACs" : total(i, false))
              .stripTrailing());
    }
    return lines;
  }

  private static int longest(List<String> texts) {
    return texts.stream().mapToInt(String::length).max().orElse(1);
  }

  private String text(Row row, boolean readsTheRowAbove) {
    String what =
        row.nodes.stream().map(n -> LayerText.of(n.layer())).collect(Collectors.joining(", "));
    what += network.exits().contains(row.output()) ? ", exit" : "";
    List<String> from =
        row.first().inputs().stream().map(in -> nameOfRow(row(in))).distinct().toList();
    return readsTheRowAbove ? what : what + " <- " + String.join(", ", from);
  }

  private String nameOfRow(int row) {
    return row == 0 ? Architecture.INPUT : rows.get(row - 1).first().name();
  }

  private String total(int row, boolean parameters) {
    long sum = 0;
    for (Node node : rows.get(row - 1).nodes) {
      LayerCost cost = costs.get(node.name());
      if (cost != null) {
        sum += parameters ? cost.parameters() : cost.macs();
      }
    }
    return sum == 0 ? "" : new Quantity(sum, Unit.COUNT).text();
  }
}
