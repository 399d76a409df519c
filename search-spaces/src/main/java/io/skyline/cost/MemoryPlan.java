package io.skyline.cost;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.SoftArgmax;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The activation buffers of one inference, in the order of the nodes: each lives from the first
 * layer that writes it to the last that reads it.
 *
 * <p>Layers that need no buffer of their own: flattening and dropping, and batch normalizations,
 * activations, additions and gates, which overwrite an operand of the output's size that nobody
 * reads afterwards. A convolution that feeds nothing but such an addition accumulates straight into
 * the other operand, as runtimes do (Conv + Add).
 */
final class MemoryPlan {
  private final Architecture architecture;
  private final Fusion fusion;
  private final Storage storage;
  private final Map<String, Integer> positions = new HashMap<>();
  private final Map<String, Buffer> buffers = new HashMap<>();
  private final List<Buffer> distinct = new ArrayList<>();

  MemoryPlan(Architecture architecture, Fusion fusion, Storage storage) {
    this.architecture = architecture;
    this.fusion = fusion;
    this.storage = storage;
    List<Node> nodes = architecture.nodes();
    for (int i = 0; i < nodes.size(); i++) {
      positions.put(nodes.get(i).name(), i);
    }
    // the caller owns the input, so nothing is ever written over it
    place(Architecture.INPUT, -1, Float.BYTES, false);
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      Buffer reused = reused(node, i);
      if (reused == null) {
        place(node.name(), i, bytes(node), true);
      } else {
        share(node.name(), reused);
      }
    }
    // an exit's scores stay until it is known for every example of a batch where it leaves
    architecture.outputs().forEach(output -> buffer(output).reads.add(nodes.size() - 1));
  }

  /** Bytes of one number of a node's output; scores of places are read as they were computed. */
  private int bytes(Node node) {
    boolean scores =
        fusion.readers(node.name()).stream().anyMatch(r -> r.layer() instanceof SoftArgmax);
    return scores ? Float.BYTES : storage.activationBytes(node.layer());
  }

  /** The buffer that holds a node's output already before or while it runs, or null. */
  private @Nullable Buffer reused(Node node, int position) {
    Layer layer = node.layer();
    if (layer instanceof Flatten || Fusion.isIdentity(layer)) {
      return buffer(node.inputs().get(0));
    }
    if (layer instanceof BatchNorm
        || layer instanceof Activation
        || layer instanceof Add
        || layer instanceof Multiply) {
      return node.inputs().stream()
          .filter(input -> architecture.shape(input).equals(architecture.shape(node.name())))
          .map(this::buffer)
          .filter(b -> b.writable && b.lastRead() <= position)
          .findFirst()
          .orElse(null);
    }
    return layer instanceof Convolution ? accumulator(node, position) : null;
  }

  /** The other operand of the addition that a convolution feeds, if it may be written over. */
  private @Nullable Buffer accumulator(Node convolution, int position) {
    String result = convolution.name();
    List<Node> readers = fusion.readers(result);
    while (readers.size() == 1
        && (readers.get(0).layer() instanceof BatchNorm
            || Fusion.isIdentity(readers.get(0).layer()))) {
      result = readers.get(0).name();
      readers = fusion.readers(result);
    }
    if (readers.size() != 1 || !(readers.get(0).layer() instanceof Add)) {
      return null;
    }
    Node addition = readers.get(0);
    String other = addition.inputs().get(addition.inputs().get(0).equals(result) ? 1 : 0);
    Buffer operand = buffers.get(other);
    boolean overwritable =
        operand != null
            && operand.writable
            && operand.readsAfter(position).equals(List.of(position(addition.name())))
            && !buffer(convolution.inputs().get(0)).equals(operand);
    if (operand == null || !overwritable) {
      return null;
    }
    // from here on the addition reads the operand through the convolution's result
    operand.forgetReadsAfter(position);
    return operand;
  }

  private void place(String name, int position, int bytesPerValue, boolean writable) {
    Buffer buffer =
        new Buffer(name, position, architecture.shape(name).elements() * bytesPerValue, writable);
    distinct.add(buffer);
    share(name, buffer);
  }

  private void share(String name, Buffer buffer) {
    buffers.put(name, buffer);
    for (Node reader : fusion.readers(name)) {
      buffer.reads.add(position(reader.name()));
    }
  }

  private int position(String name) {
    Integer position = positions.get(name);
    if (position == null) {
      throw new IllegalArgumentException("no layer is named '" + name + "'");
    }
    return position;
  }

  private Buffer buffer(String name) {
    Buffer buffer = buffers.get(name);
    if (buffer == null) {
      throw new IllegalStateException("'" + name + "' is read before it is written");
    }
    return buffer;
  }

  /** Whether a node's output lies in a buffer that an earlier node opened. */
  boolean shares(Node node) {
    return buffer(node.name()).firstWrite != position(node.name());
  }

  /** Every buffer and when it is in use, at no place yet. */
  List<ArenaPlan.Placement> buffers() {
    return distinct.stream()
        .map(b -> new ArenaPlan.Placement(b.name, 0, b.bytes, b.firstWrite, b.lastRead()))
        .toList();
  }

  /** Bytes of every buffer alive while the node at a position runs; -1 is the input's arrival. */
  long liveBytes(int position) {
    long bytes = 0;
    for (Buffer buffer : distinct) {
      if (buffer.firstWrite <= position && position <= buffer.lastRead()) {
        bytes += buffer.bytes;
      }
    }
    return bytes;
  }

  /** One stretch of memory and when it is in use. */
  private static final class Buffer {
    final String name;
    final int firstWrite;
    final long bytes;
    final boolean writable;
    final List<Integer> reads = new ArrayList<>();

    Buffer(String name, int firstWrite, long bytes, boolean writable) {
      this.name = name;
      this.firstWrite = firstWrite;
      this.bytes = bytes;
      this.writable = writable;
      reads.add(firstWrite);
    }

    int lastRead() {
      return Collections.max(reads);
    }

    List<Integer> readsAfter(int position) {
      return reads.stream().filter(read -> read > position).toList();
    }

    void forgetReadsAfter(int position) {
      reads.removeIf(read -> read > position);
    }
  }
}
