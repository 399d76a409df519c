package io.skyline.worker.export;

import static io.skyline.worker.export.GraphBuilder.attribute;

import io.skyline.architecture.Pooling;
import io.skyline.architecture.Select;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.architecture.Slice;
import java.util.List;

/** Writes the operators that move, join or reduce channels; they have no weights. */
record ChannelOperators(GraphBuilder graph) {
  String concat(List<String> inputs, String out) {
    return graph.node("Concat", inputs, out, attribute("axis", 1));
  }

  /** As every runtime knows it: to groups x channels of a group, transposed, and back. */
  String shuffle(Shuffle shuffle, String x, Shape shape, int rank, String out) {
    int groups = shuffle.groups();
    int each = shape.channels() / groups;
    boolean flat = rank == 2;
    String grouped =
        flat
            ? graph.longs(out + ".grouped", 0, groups, each)
            : graph.longs(out + ".grouped", 0, groups, each, shape.height(), shape.width());
    String joined =
        flat
            ? graph.longs(out + ".joined", 0, shape.channels())
            : graph.longs(out + ".joined", 0, shape.channels(), shape.height(), shape.width());
    graph.node("Reshape", List.of(x, grouped), out + ".groups");
    graph.node(
        "Transpose",
        List.of(out + ".groups"),
        out + ".transposed",
        attribute("perm", flat ? new long[] {0, 2, 1} : new long[] {0, 2, 1, 3, 4}));
    return graph.node("Reshape", List.of(out + ".transposed", joined), out);
  }

  String slice(Slice slice, String x, String out) {
    return graph.node(
        "Slice",
        List.of(
            x,
            graph.longs(out + ".from", slice.from()),
            graph.longs(out + ".to", slice.to()),
            graph.longs(out + ".axis", 1)),
        out);
  }

  String select(Select select, String x, String out) {
    long[] channels = select.channels().stream().mapToLong(Integer::longValue).toArray();
    return graph.node(
        "Gather", List.of(x, graph.longs(out + ".channels", channels)), out, attribute("axis", 1));
  }

  String pool(Pooling.Kind kind, String x, String out) {
    return graph.node(
        kind == Pooling.Kind.MAX ? "ReduceMax" : "ReduceMean",
        List.of(x),
        out,
        attribute("axes", new long[] {1}),
        attribute("keepdims", 1));
  }
}
