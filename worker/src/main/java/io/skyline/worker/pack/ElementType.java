package io.skyline.worker.pack;

/** The elements of tensors, numbered as in ONNX's {@code TensorProto.DataType}. */
enum ElementType {
  OTHER(0, "bytes", 1),
  FLOAT32(1, "float32", 4),
  UINT8(2, "uint8", 1),
  INT8(3, "int8", 1),
  UINT16(4, "uint16", 2),
  INT16(5, "int16", 2),
  INT32(6, "int32", 4),
  INT64(7, "int64", 8),
  BOOL(9, "bool", 1),
  FLOAT16(10, "float16", 2),
  FLOAT64(11, "float64", 8),
  UINT32(12, "uint32", 4),
  UINT64(13, "uint64", 8),
  BFLOAT16(16, "bfloat16", 2);

  private final int number;
  private final String word;
  private final int bytes;

  ElementType(int number, String word, int bytes) {
    this.number = number;
    this.word = word;
    this.bytes = bytes;
  }

  /** The type of a tensor's bytes; {@link #OTHER} unless they are whole elements of a known one. */
  static ElementType of(long number, int length) {
    for (ElementType type : values()) {
      if (type.number == number && length % type.bytes == 0) {
        return type;
      }
    }
    return OTHER;
  }

  String word() {
    return word;
  }

  int bytes() {
    return bytes;
  }

  /** Whether the bits of an element say zero: minus zero, too, where there is one. */
  boolean isZero(long bits) {
    boolean signed = this == FLOAT32 || this == FLOAT16 || this == FLOAT64 || this == BFLOAT16;
    return (signed ? bits & ~(1L << (8 * bytes - 1)) : bits) == 0;
  }
}
