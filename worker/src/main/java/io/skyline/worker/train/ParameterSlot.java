package io.skyline.worker.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;

/**
 * A trained tensor (or several of one length) in the layout oneDNN reads, with its gradient.
 *
 * <p>Blocked layouts pad with zeros, which stay zero: their gradient is zero.
 */
final class ParameterSlot {
  private final List<String> keys;
  private final int rows;
  private final int columns;
  private final int storedColumns;
  private final memory.desc plain;
  private final boolean decays;
  final memory value;
  final memory gradient;
  private final FloatPointer values;
  private final FloatPointer gradients;

  private ParameterSlot(
      List<String> keys,
      int rows,
      int columns,
      int storedColumns,
      memory.desc plain,
      memory.desc stored,
      boolean decays,
      Arena arena) {
    this.keys = keys;
    this.rows = rows;
    this.columns = columns;
    this.storedColumns = storedColumns;
    this.plain = plain;
    this.decays = decays;
    value = arena.allocate(stored);
    gradient = arena.allocate(stored);
    values = OneDnn.floats(value);
    gradients = OneDnn.floats(gradient);
    gradients.zero();
  }

  /**
   * A kernel.
   *
   * @param plain row-major description of the kernel as stored: {@code widening} times as many
   *     inputs as {@code values} has, the further ones zero
   * @param stored the same dimensions in oneDNN's layout
   */
  static ParameterSlot kernel(
      String key,
      float[] values,
      memory.desc plain,
      memory.desc stored,
      int widening,
      Arena arena) {
    int outputs = (int) plain.dims().get(0);
    int columns = values.length / outputs;
    ParameterSlot slot =
        new ParameterSlot(
            List.of(key), outputs, columns, columns * widening, plain, stored, true, arena);
    float[] wide = new float[outputs * columns * widening];
    for (int row = 0; row < outputs; row++) {
      System.arraycopy(values, row * columns, wide, row * columns * widening, columns);
    }
    try (PointerScope scope = new PointerScope()) {
      memory source = OneDnn.allocate(plain);
      OneDnn.floats(source).put(wide, 0, wide.length);
      new reorder(source, slot.value).execute(OneDnn.STREAM, source, slot.value);
    }
    return slot;
  }

  /** Vectors of one length, one after the other. */
  static ParameterSlot vectors(
      List<String> keys, List<float[]> values, memory.desc format, Arena arena) {
    int columns = values.get(0).length;
    ParameterSlot slot =
        new ParameterSlot(keys, keys.size(), columns, columns, format, format, false, arena);
    for (int row = 0; row < keys.size(); row++) {
      slot.values.getPointer((long) row * columns).put(values.get(row), 0, columns);
    }
    return slot;
  }

  int length() {
    return Math.toIntExact(values.limit());
  }

  /** Whether weight decay applies. */
  boolean decays() {
    return decays;
  }

  void readValue(float[] into, int offset) {
    values.get(into, offset, length());
  }

  void writeValue(float[] from, int offset) {
    values.put(from, offset, length());
  }

  void readGradient(float[] into, int offset) {
    gradients.get(into, offset, length());
  }

  Map<String, float[]> plainValues() {
    return toPlain(value);
  }

  Map<String, float[]> plainGradients() {
    return toPlain(gradient);
  }

  private Map<String, float[]> toPlain(memory from) {
    float[] wide = new float[rows * storedColumns];
    try (PointerScope scope = new PointerScope()) {
      memory target = OneDnn.allocate(plain);
      new reorder(from, target).execute(OneDnn.STREAM, from, target);
      OneDnn.floats(target).get(wide, 0, wide.length);
    }
    int perKey = rows / keys.size() * columns;
    Map<String, float[]> tensors = new LinkedHashMap<>();
    float[] narrow = new float[rows * columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(wide, row * storedColumns, narrow, row * columns, columns);
    }
    for (int i = 0; i < keys.size(); i++) {
      float[] values = new float[perKey];
      System.arraycopy(narrow, i * perKey, values, 0, perKey);
      tensors.put(keys.get(i), values);
    }
    return tensors;
  }
}
