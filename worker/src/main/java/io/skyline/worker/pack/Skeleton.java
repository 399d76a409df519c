package io.skyline.worker.pack;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks an ONNX model as Protocol Buffers write it, and finds the {@code raw_data} of its tensors,
 * those of graphs within graphs included. What is left when they are cut out is the model's
 * skeleton; a walk over the skeleton finds the same holes, for their lengths stand in it.
 */
final class Skeleton {
  /** A model with more tensors is not cut. */
  static final int MOST_TENSORS = 1 << 16;

  private static final int DEEPEST = 64;
  private static final int MOST_DIMENSIONS = 16;

  /** Messages that lead to tensors. */
  private enum Message {
    MODEL,
    GRAPH,
    NODE,
    ATTRIBUTE,
    TENSOR;

    @Nullable Message child(int field) {
      return switch (this) {
        case MODEL -> field == 7 ? GRAPH : null;
        case GRAPH -> field == 1 ? NODE : field == 5 ? TENSOR : null;
        case NODE -> field == 5 ? ATTRIBUTE : null;
        case ATTRIBUTE ->
            field == 5 || field == 10 ? TENSOR : field == 6 || field == 11 ? GRAPH : null;
        case TENSOR -> null;
      };
    }
  }

  /** The bytes are no model, or one that is not cut. */
  static final class NotWalkableException extends Exception {
    private static final long serialVersionUID = 1L;

    NotWalkableException(int at, String reason) {
      super(reason + " at byte " + at + " of the skeleton");
    }
  }

  private final byte[] bytes;
  private final boolean whole;
  private final List<Hole> holes = new ArrayList<>();
  private int at;
  private int cut;

  private Skeleton(byte[] bytes, boolean whole) {
    this.bytes = bytes;
    this.whole = whole;
  }

  /** The tensors of a model in the order of their bytes. */
  static List<Hole> holes(byte[] onnx) throws NotWalkableException {
    Skeleton walk = new Skeleton(onnx, true);
    walk.message(Message.MODEL, onnx.length, 0);
    return walk.holes;
  }

  /**
   * The tensors that were cut out of a model of so many bytes.
   *
   * @throws NotWalkableException also if the holes do not add up to the model
   */
  static List<Hole> holes(byte[] skeleton, int modelLength) throws NotWalkableException {
    Skeleton walk = new Skeleton(skeleton, false);
    walk.message(Message.MODEL, modelLength, 0);
    if (walk.at != skeleton.length) {
      throw walk.unwalkable("ends too early");
    }
    return walk.holes;
  }

  /** The model without the bytes of these tensors. */
  static byte[] cut(byte[] onnx, List<Hole> holes) {
    ByteArrayOutputStream skeleton = new ByteArrayOutputStream();
    int from = 0;
    for (Hole hole : holes) {
      skeleton.write(onnx, from, hole.at() - from);
      from = hole.at() + hole.length();
    }
    skeleton.write(onnx, from, onnx.length - from);
    return skeleton.toByteArray();
  }

  /** The model with zeros where these tensors' bytes belong. */
  static byte[] fill(byte[] skeleton, List<Hole> holes, int modelLength) {
    byte[] onnx = new byte[modelLength];
    int from = 0;
    int to = 0;
    for (Hole hole : holes) {
      System.arraycopy(skeleton, from, onnx, to, hole.at() - to);
      from += hole.at() - to;
      to = hole.at() + hole.length();
    }
    System.arraycopy(skeleton, from, onnx, to, skeleton.length - from);
    return onnx;
  }

  private void message(Message message, int end, int depth) throws NotWalkableException {
    if (depth > DEEPEST) {
      throw unwalkable("messages nested too deeply");
    }
    Fields fields = new Fields();
    while (at + cut < end) {
      long tag = varint();
      long field = tag >>> 3;
      switch ((int) (tag & 7)) {
        case 0 -> fields.number(field, varint());
        case 1 -> skip(8, end);
        case 2 -> nested(message, fields, field, end, depth);
        case 5 -> skip(4, end);
        default -> throw unwalkable("no field of a message");
      }
    }
    if (at + cut != end) {
      throw unwalkable("a field beyond the end of its message");
    }
    fields.finish();
  }

  private void nested(Message message, Fields fields, long field, int end, int depth)
      throws NotWalkableException {
    long length = varint();
    if (length < 0 || length > end - (at + cut)) {
      throw unwalkable("a field longer than its message");
    }
    Message child = field < 16 ? message.child((int) field) : null;
    int last = at + cut + (int) length;
    if (child != null) {
      message(child, last, depth + 1);
    } else if (message == Message.TENSOR && field == 9 && length > 0) {
      fields.raw(at + cut, (int) length);
      at += whole ? (int) length : 0;
      cut += whole ? 0 : (int) length;
    } else {
      int start = at;
      skip((int) length, end);
      if (message == Message.TENSOR) {
        fields.bytes(field, start);
      }
    }
  }

  private void skip(int length, int end) throws NotWalkableException {
    if (length > end - (at + cut) || length > bytes.length - at) {
      throw unwalkable("a field beyond the end");
    }
    at += length;
  }

  private long varint() throws NotWalkableException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (at == bytes.length) {
        throw unwalkable("cut off");
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw unwalkable("a number of more than ten bytes");
  }

  private NotWalkableException unwalkable(String reason) {
    return new NotWalkableException(at, reason);
  }

  /** What a tensor says of itself. */
  private final class Fields {
    private final List<int[]> raw = new ArrayList<>(1);
    private final List<Long> dimensions = new ArrayList<>(4);
    private long type;
    private String name = "";

    void number(long field, long value) {
      if (field == 1 && dimensions.size() < MOST_DIMENSIONS) {
        dimensions.add(value);
      } else if (field == 2) {
        type = value;
      }
    }

    void raw(int start, int length) throws NotWalkableException {
      if (holes.size() + raw.size() >= MOST_TENSORS) {
        throw unwalkable("too many tensors");
      }
      raw.add(new int[] {start, length});
    }

    /** The name, or dimensions in one field. */
    void bytes(long field, int start) throws NotWalkableException {
      int end = at;
      if (field == 8) {
        name = new String(bytes, start, end - start, StandardCharsets.UTF_8);
      } else if (field == 1) {
        at = start;
        while (at < end) {
          number(1, varint());
        }
        if (at != end) {
          throw unwalkable("a dimension beyond the end of its field");
        }
      }
    }

    void finish() {
      for (int[] range : raw) {
        holes.add(new Hole(range[0], range[1], name, ElementType.of(type, range[1]), dimensions));
      }
    }
  }
}
