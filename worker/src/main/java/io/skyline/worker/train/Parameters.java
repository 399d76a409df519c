package io.skyline.worker.train;

import io.skyline.architecture.Node;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.dnnl.memory;

/**
 * Every number of a network that training changes: trained tensors in oneDNN's layouts, gathered
 * into one flat vector for the optimizer, and running statistics.
 */
final class Parameters {
  private final Weights initial;
  private final Arena arena;
  private final List<ParameterSlot> slots = new ArrayList<>();
  private final Map<String, float[]> statistics = new LinkedHashMap<>();

  /**
   * @param initial what the slots start with
   */
  Parameters(Weights initial, Arena arena) {
    this.initial = initial;
    this.arena = arena;
  }

  /** What the slots start with. */
  Weights initial() {
    return initial;
  }

  /** A kernel, kept as oneDNN wants it and under weight decay. */
  ParameterSlot kernel(Node node, KernelPlaces places, memory.desc stored) {
    String key = Weights.key(node, "kernel");
    float[] values = initial.get(node, "kernel");
    return add(ParameterSlot.kernel(key, values, places, stored, arena));
  }

  /** One or more vectors of one length, one after the other, free of weight decay. */
  ParameterSlot vectors(Node node, memory.desc format, String... names) {
    List<String> keys = new ArrayList<>();
    List<float[]> values = new ArrayList<>();
    for (String name : names) {
      keys.add(Weights.key(node, name));
      values.add(initial.get(node, name));
    }
    return add(ParameterSlot.vectors(keys, values, format, arena));
  }

  private ParameterSlot add(ParameterSlot slot) {
    slots.add(slot);
    return slot;
  }

  /** What holds the tensor of a key. */
  ParameterSlot slot(String key) {
    return slots.stream().filter(slot -> slot.holds(key)).findFirst().orElseThrow();
  }

  /** A running statistic, changed in place by its layer. */
  float[] statistic(Node node, String name) {
    float[] values = initial.get(node, name).clone();
    statistics.put(Weights.key(node, name), values);
    return values;
  }

  /** All running statistics, changed in place. */
  Collection<float[]> statistics() {
    return statistics.values();
  }

  /** The same by their keys. */
  Map<String, float[]> namedStatistics() {
    return Collections.unmodifiableMap(statistics);
  }

  /** Trained tensors in plain order. */
  Map<String, float[]> trained() {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    slots.forEach(slot -> tensors.putAll(slot.plainValues()));
    return tensors;
  }

  /** Puts other values into the slots, in plain order. */
  void setTrained(Map<String, float[]> tensors) {
    slots.forEach(slot -> slot.setPlainValues(tensors));
  }

  /** Length of the flat vector. */
  int length() {
    return slots.stream().mapToInt(ParameterSlot::length).sum();
  }

  /** How many numbers at the start of the flat vector are under weight decay. */
  int decayed() {
    return slots.stream().filter(ParameterSlot::decays).mapToInt(ParameterSlot::length).sum();
  }

  private List<ParameterSlot> ordered() {
    List<ParameterSlot> order = new ArrayList<>(slots);
    order.sort((a, b) -> Boolean.compare(b.decays(), a.decays()));
    return order;
  }

  /** The operations of the optimizer's flat vector over the slots, made once for all steps. */
  final class Flat {
    private final List<ParameterSlot> order = ordered();

    /** Where the slot of a key begins. */
    int offset(String key) {
      int offset = 0;
      for (ParameterSlot slot : order) {
        if (slot.holds(key)) {
          return offset;
        }
        offset += slot.length();
      }
      throw new IllegalArgumentException("nothing holds " + key);
    }

    void readValues(float[] into) {
      int offset = 0;
      for (ParameterSlot slot : order) {
        slot.readValue(into, offset);
        offset += slot.length();
      }
    }

    void readGradients(float[] into) {
      int offset = 0;
      for (ParameterSlot slot : order) {
        slot.readGradient(into, offset);
        offset += slot.length();
      }
    }

    void writeValues(float[] from) {
      int offset = 0;
      for (ParameterSlot slot : order) {
        slot.writeValue(from, offset);
        offset += slot.length();
      }
    }
  }

  Flat flat() {
    return new Flat();
  }

  /** Trained tensors and statistics in plain order, keyed like the weights they started from. */
  Weights weights() {
    Map<String, float[]> tensors = new LinkedHashMap<>(statistics);
    tensors.putAll(trained());
    return inInitialOrder(tensors);
  }

  /** Gradients of the trained tensors in plain order. */
  Weights gradients() {
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (ParameterSlot slot : slots) {
      tensors.putAll(slot.plainGradients());
    }
    return inInitialOrder(tensors);
  }

  private Weights inInitialOrder(Map<String, float[]> tensors) {
    Map<String, float[]> ordered = new LinkedHashMap<>();
    for (String key : initial.tensors().keySet()) {
      float[] values = tensors.get(key);
      if (values != null) {
        ordered.put(key, values.clone());
      }
    }
    return new Weights(ordered);
  }
}
