package io.skyline.coordinator.data;

import io.skyline.architecture.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the first array of examples decides for all.
 *
 * @param shape of an example
 * @param floats whether values are float32, else unsigned bytes
 * @param layout of an example's axes
 */
record ArrayForm(Shape shape, boolean floats, ArrayLayout layout) {
  /**
   * The form of an array.
   *
   * @param layout null to take it from the array's shape
   */
  static ArrayForm of(NumpyArray array, @Nullable ArrayLayout layout) {
    List<Integer> extents = extents(array);
    ArrayLayout chosen =
        layout != null ? layout : ArrayLayout.guess(extents).orElseThrow(() -> open(array));
    if (!chosen.fits(extents)) {
      throw array.fault(
          10,
          "examples of the shape %s cannot have the layout '%s'".formatted(extents, chosen.word()),
          "name the layout of one example, such as hwc");
    }
    return new ArrayForm(chosen.shape(extents), !array.isBytes(), chosen);
  }

  private static List<Integer> extents(NumpyArray array) {
    return array.shape().subList(1, array.shape().size());
  }

  private static DataException open(NumpyArray array) {
    return array.fault(
        10,
        "the shape %s leaves open which axis is which".formatted(array.shape()),
        "write layout: chw, hwc, hw, cl, lc, l or f in the config");
  }

  /** Refuses an array of another form. */
  void require(NumpyArray array) {
    List<Integer> extents = extents(array);
    if (!layout.fits(extents)
        || !layout.shape(extents).equals(shape)
        || array.isBytes() == floats) {
      throw array.fault(
          10,
          "its examples are %s, those of the training data %s %s"
              .formatted(extents, floats ? "floats" : "bytes", shape),
          "save all parts alike");
    }
  }

  /** The next example of an array as a record; null if a value is not finite. */
  byte @Nullable [] read(NumpyArray array) {
    return floats ? floats(array) : bytes(array);
  }

  private byte[] bytes(NumpyArray array) {
    byte[] stored = array.bytes();
    byte[] record = new byte[stored.length];
    for (int i = 0; i < record.length; i++) {
      record[i] = stored[layout.source(i, shape)];
    }
    return record;
  }

  private byte @Nullable [] floats(NumpyArray array) {
    double[] stored = array.values();
    ByteBuffer record =
        ByteBuffer.allocate(stored.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < stored.length; i++) {
      float value = (float) stored[layout.source(i, shape)];
      if (!Float.isFinite(value)) {
        return null;
      }
      record.putFloat(value);
    }
    return record.array();
  }
}
