package io.skyline.worker.dl4j;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.Concat;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Slice;
import io.skyline.worker.dl4j.Reading.Affine;
import io.skyline.worker.dl4j.Reading.Clipped;
import io.skyline.worker.dl4j.Reading.Group;
import io.skyline.worker.dl4j.Reading.HardSigmoid;
import io.skyline.worker.dl4j.Reading.Maximum;
import io.skyline.worker.dl4j.Reading.Part;
import io.skyline.worker.dl4j.Reading.Raw;
import io.skyline.worker.dl4j.Reading.Ready;
import io.skyline.worker.dl4j.Reading.Repeated;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.PreprocessorVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Reads vertex after vertex, each after its inputs, into a draft; layers go to another reader. */
final class VertexReader {
  private static final double SIXTH = 1.0 / 6;

  /** As {@link ChannelVertices#maximum} names them. */
  private static final String LEVEL = ".level";

  private final NetworkDraft draft;
  private final LayerVertexReader layers;
  private final Map<String, String> made = new HashMap<>();
  private boolean takesFlat;

  VertexReader(ComputationGraph graph, NetworkDraft draft) {
    this.draft = draft;
    this.layers = new LayerVertexReader(graph, draft, this);
  }

  NetworkDraft draft() {
    return draft;
  }

  LayerVertexReader layers() {
    return layers;
  }

  /** Whether the graph takes rows although the network takes maps. */
  boolean takesFlat() {
    return takesFlat;
  }

  Reading read(String name, GraphVertex vertex, List<Reading> inputs) {
    if (name.contains(LEVEL) || inputs.stream().anyMatch(Maximum.class::isInstance)) {
      return maximum(name, inputs);
    }
    Reading input = inputs.get(0);
    if (vertex instanceof LayerVertex layer) {
      InputPreProcessor before = layer.getPreProcessor();
      return layers.read(name, layer, before == null ? input : reshaped(name, before, input));
    }
    if (vertex instanceof PreprocessorVertex reshape) {
      return reshaped(name, reshape.getPreProcessor(), input);
    }
    if (vertex instanceof ElementWiseVertex elementWise) {
      return switch (elementWise.getOp()) {
        case Add -> sum(name, inputs);
        case Product -> product(name, inputs);
        default -> throw refuse(name, "computes the " + elementWise.getOp() + " of its inputs");
      };
    }
    if (vertex instanceof MergeVertex merge && merge.getMergeAxis() == 1) {
      return merged(name, inputs);
    }
    if (vertex instanceof SubsetVertex subset) {
      Part part = new Part(name, node(name, input), subset.getFrom(), subset.getTo() + 1);
      return name.matches(".*\\.slice\\d+") ? part : new Ready(node(name, part));
    }
    if (vertex instanceof ShiftVertex shift) {
      return shifted(name, input, shift.getShiftFactor());
    }
    if (vertex instanceof ScaleVertex scale) {
      return scaled(name, input, scale.getScaleFactor());
    }
    throw refuse(name, "is a " + vertex.getClass().getSimpleName());
  }

  private static UnreadableZipException refuse(String vertex, String what) {
    return new UnreadableZipException(
        "layer '" + vertex + "' " + what + ", which Skyline does not know here");
  }

  /** The node that gives what a vertex reads; made now if it was only foreseen. */
  String node(String reader, Reading reading) {
    if (reading instanceof Raw) {
      return Architecture.INPUT;
    }
    if (reading instanceof Ready ready) {
      return ready.node();
    }
    if (reading instanceof Part part) {
      Slice slice = new Slice(part.from(), part.to());
      return made.computeIfAbsent(
          part.vertex(), vertex -> draft.add(vertex, slice, List.of(part.of())));
    }
    if (reading instanceof Group group) {
      String input = node(reader, group.part());
      return made.computeIfAbsent(
          group.vertex(),
          vertex ->
              draft.add(vertex, group.convolution(), List.of(input), group.kernel(), group.bias()));
    }
    if (reading instanceof HardSigmoid gate) {
      Activation activation = new Activation(Function.HARD_SIGMOID);
      return made.computeIfAbsent(
          gate.vertex(), vertex -> draft.add(vertex, activation, List.of(gate.of())));
    }
    throw refuse(
        reader,
        "reads a "
            + reading.getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT)
            + " value");
  }

  /** The node whose features a layer of flat vectors reads. */
  String flat(String reader, Reading reading) {
    String node = node(reader, reading);
    if (reading instanceof Raw) {
      takesFlat = true;
      if (!draft.shape(node).isFlat()) {
        return made.computeIfAbsent(
            node, input -> draft.add("flat", new Flatten(), List.of(input)));
      }
    }
    return node;
  }

  private Reading reshaped(String name, InputPreProcessor reshape, Reading input) {
    String node = node(name, input);
    Shape shape = draft.shape(node);
    if (reshape instanceof CnnToFeedForwardPreProcessor flatten
        && flatten.getFormat() == org.deeplearning4j.nn.conf.CNN2DFormat.NCHW) {
      return new Ready(shape.isFlat() ? node : draft.add(name, new Flatten(), List.of(node)));
    }
    if (reshape instanceof FeedForwardToCnnPreProcessor maps) {
      Shape wanted =
          new Shape(
              Math.toIntExact(maps.getNumChannels()),
              Math.toIntExact(maps.getInputHeight()),
              Math.toIntExact(maps.getInputWidth()));
      if (wanted.equals(shape)) {
        takesFlat |= input instanceof Raw;
        return new Ready(node);
      }
      throw refuse(name, "reshapes " + shape + " to " + wanted);
    }
    throw refuse(name, "reshapes its input by " + reshape.getClass().getSimpleName());
  }

  private Reading sum(String name, List<Reading> inputs) {
    String sum = node(name, inputs.get(0));
    for (Reading input : inputs.subList(1, inputs.size())) {
      sum = draft.add(name, new Add(), List.of(sum, node(name, input)));
    }
    return new Ready(sum);
  }

  private Reading product(String name, List<Reading> inputs) {
    if (inputs.size() != 2) {
      throw refuse(name, "multiplies " + inputs.size() + " inputs");
    }
    Reading one = inputs.get(0);
    Reading other = inputs.get(1);
    if (other instanceof HardSigmoid gate && one.equals(new Ready(gate.of()))) {
      return new Ready(draft.add(name, new Activation(Function.HARD_SWISH), List.of(gate.of())));
    }
    if (one instanceof Repeated) {
      return product(name, List.of(other, one));
    }
    String gate = other instanceof Repeated repeated ? repeated.gate() : node(name, other);
    return new Ready(draft.add(name, new Multiply(), List.of(node(name, one), gate)));
  }

  private Reading merged(String name, List<Reading> inputs) {
    List<Group> groups = new ArrayList<>();
    for (Reading input : inputs) {
      if (input instanceof Group group) {
        groups.add(group);
      }
    }
    if (groups.size() == inputs.size() && areGroups(groups)) {
      return grouped(name, groups);
    }
    if (inputs.size() == 1) {
      return new Ready(node(name, inputs.get(0)));
    }
    List<String> nodes = inputs.stream().map(input -> node(name, input)).toList();
    return new Ready(draft.add(name, new Concat(), nodes));
  }

  /** Whether convolutions are alike and read all channels of one node, each its own share. */
  private boolean areGroups(List<Group> groups) {
    Part first = groups.get(0).part();
    int at = 0;
    for (Group group : groups) {
      Part part = group.part();
      if (!part.of().equals(first.of())
          || part.from() != at
          || part.to() - part.from() != first.to()
          || !group.convolution().equals(groups.get(0).convolution())) {
        return false;
      }
      at = part.to();
    }
    return at == draft.shape(first.of()).channels();
  }

  private Reading grouped(String name, List<Group> groups) {
    Convolution one = groups.get(0).convolution();
    Convolution whole = one.over(one.outputs() * groups.size(), groups.size());
    float[] kernel = joined(groups.stream().map(Group::kernel).toList());
    float[] bias = joined(groups.stream().map(Group::bias).toList());
    return new Ready(draft.add(name, whole, List.of(groups.get(0).part().of()), kernel, bias));
  }

  private static float[] joined(List<float[]> parts) {
    float[] whole = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }

  private Reading shifted(String name, Reading input, double by) {
    return input instanceof Affine affine
        ? new Affine(affine.of(), affine.scale(), affine.shift() + by)
        : new Affine(node(name, input), 1, by);
  }

  private Reading scaled(String name, Reading input, double by) {
    if (input instanceof Clipped clipped && Math.abs(by - SIXTH) < 1e-9) {
      return new HardSigmoid(name, clipped.of());
    }
    return new Affine(node(name, input), by, 0);
  }

  /** {@link ChannelVertices#maximum}: a tree of halves, all named by levels but the last. */
  private Reading maximum(String name, List<Reading> inputs) {
    Reading input = inputs.get(0);
    String of = input instanceof Maximum part ? part.of() : node(name, input);
    return name.contains(LEVEL)
        ? new Maximum(of)
        : new Ready(draft.add(name, new ChannelPooling(Pooling.Kind.MAX), List.of(of)));
  }
}
