package io.skyline.worker.pack;

import java.util.List;

/**
 * Where the bytes of a tensor lie in a model.
 *
 * @param at the first byte
 * @param length bytes, at least 1
 * @param name of the tensor, empty if it has none
 * @param type of its elements
 * @param dimensions as the model says, which may be nonsense
 */
record Hole(int at, int length, String name, ElementType type, List<Long> dimensions) {
  Hole {
    dimensions = List.copyOf(dimensions);
  }

  int elements() {
    return length / type.bytes();
  }

  /** Elements behind the first dimension (inputs of an output), if that is plausible; or all. */
  int row() {
    if (dimensions.isEmpty()) {
      return elements();
    }
    long rows = dimensions.get(0);
    return rows > 0 && elements() % rows == 0 ? (int) (elements() / rows) : elements();
  }

  /** Elements of a kernel's window (height x width); 1 for what has no more than two dimensions. */
  int window() {
    long window = 1;
    for (int i = 2; i < dimensions.size(); i++) {
      long extent = dimensions.get(i);
      if (extent < 1 || extent > elements() || row() % (window * extent) != 0) {
        return 1;
      }
      window *= extent;
    }
    return (int) window;
  }
}
