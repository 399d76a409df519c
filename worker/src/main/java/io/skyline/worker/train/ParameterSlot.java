package io.skyline.worker.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerScope;
import org.jspecify.annotations.Nullable;

/**
 * A trained tensor (or several of one length) in the layout oneDNN reads, with its gradient.
 *
 * <p>Blocked layouts pad with zeros, which stay zero: their gradient is zero.
 */
final class ParameterSlot {
  private final List<String> keys;
  private final KernelPlaces places;
  private final boolean decays;
  private final float @Nullable [] mask;
  final memory value;
  final memory gradient;
  private final FloatPointer values;
  private final FloatPointer gradients;

  private ParameterSlot(
      List<String> keys, KernelPlaces places, memory.desc stored, boolean decays, Arena arena) {
    this.keys = keys;
    this.places = places;
    this.decays = decays;
    value = arena.allocate(stored);
    gradient = arena.allocate(stored);
    values = OneDnn.floats(value);
    gradients = OneDnn.floats(gradient);
    gradients.zero();
    mask = places.masked() ? mask() : null;
  }

  /** One where the stored kernel has a number of the layer's, else zero. */
  private float[] mask() {
    float[] ones = new float[OneDnn.length(places.plain())];
    Arrays.fill(ones, 1f);
    store(places.spread(places.collect(ones)));
    float[] mask = new float[length()];
    values.get(mask, 0, mask.length);
    return mask;
  }

  /**
   * What stands in a plain array at the place of each stored number; 0 where the layout pads.
   *
   * @param plain in the tensor's plain order, each below 2^24
   */
  int[] stored(int[] plain) {
    float[] numbers = new float[plain.length];
    for (int i = 0; i < plain.length; i++) {
      numbers[i] = plain[i];
    }
    float[] kept = new float[length()];
    values.get(kept, 0, kept.length);
    store(places.spread(numbers));
    float[] found = new float[kept.length];
    values.get(found, 0, found.length);
    values.put(kept, 0, kept.length);
    int[] stored = new int[kept.length];
    for (int i = 0; i < stored.length; i++) {
      stored[i] = (int) found[i];
    }
    return stored;
  }

  private void store(float[] larger) {
    try (PointerScope scope = new PointerScope()) {
      memory source = OneDnn.allocate(places.plain());
      OneDnn.floats(source).put(larger, 0, larger.length);
      new reorder(source, value).execute(OneDnn.STREAM, source, value);
    }
  }

  /**
   * A kernel.
   *
   * @param stored the dimensions of {@code places} in oneDNN's layout
   */
  static ParameterSlot kernel(
      String key, float[] values, KernelPlaces places, memory.desc stored, Arena arena) {
    ParameterSlot slot = new ParameterSlot(List.of(key), places, stored, true, arena);
    slot.store(places.spread(values));
    return slot;
  }

  /** Vectors of one length, one after the other. */
  static ParameterSlot vectors(
      List<String> keys, List<float[]> values, memory.desc format, Arena arena) {
    int columns = values.get(0).length;
    ParameterSlot slot = new ParameterSlot(keys, KernelPlaces.same(format), format, false, arena);
    for (int row = 0; row < keys.size(); row++) {
      slot.values.getPointer((long) row * columns).put(values.get(row), 0, columns);
    }
    return slot;
  }

  int length() {
    return Math.toIntExact(values.limit());
  }

  /** Whether it holds the tensor of a key. */
  boolean holds(String key) {
    return keys.contains(key);
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
    if (mask != null) {
      for (int i = 0; i < mask.length; i++) {
        into[offset + i] *= mask[i];
      }
    }
  }

  /** Takes the values of all its keys, in plain order. */
  void setPlainValues(Map<String, float[]> tensors) {
    int each = Objects.requireNonNull(tensors.get(keys.get(0))).length;
    float[] all = new float[each * keys.size()];
    for (int i = 0; i < keys.size(); i++) {
      System.arraycopy(Objects.requireNonNull(tensors.get(keys.get(i))), 0, all, i * each, each);
    }
    store(places.spread(all));
  }

  Map<String, float[]> plainValues() {
    return toPlain(value);
  }

  Map<String, float[]> plainGradients() {
    return toPlain(gradient);
  }

  private Map<String, float[]> toPlain(memory from) {
    float[] larger = new float[OneDnn.length(places.plain())];
    try (PointerScope scope = new PointerScope()) {
      memory target = OneDnn.allocate(places.plain());
      new reorder(from, target).execute(OneDnn.STREAM, from, target);
      OneDnn.floats(target).get(larger, 0, larger.length);
    }
    float[] all = places.collect(larger);
    int each = all.length / keys.size();
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      tensors.put(keys.get(i), Arrays.copyOfRange(all, i * each, (i + 1) * each));
    }
    return tensors;
  }
}
