package io.skyline.worker.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The tensors of a training that a {@link WeightRule} holds, as parts of the flat vectors. */
final class HeldWeights {
  /**
   * One of them.
   *
   * @param places index in the flat vector of each of its numbers, in plain order
   * @param plain space for them
   */
  @SuppressWarnings("ArrayRecordComponent") // lives with its training, never compared
  private record Held(TensorRule rule, int[] places, float[] plain) {
    void read(float[] flat) {
      for (int i = 0; i < places.length; i++) {
        plain[i] = flat[places[i]];
      }
    }

    void write(float[] values, float[] flat) {
      for (int i = 0; i < places.length; i++) {
        flat[places[i]] = values[i];
      }
    }

    void change(float[] flat, Consumer<float[]> change) {
      read(flat);
      change.accept(plain);
      write(plain, flat);
    }
  }

  private final List<Held> tensors = new ArrayList<>();
  private final float[] shown;

  HeldWeights(WeightRule rule, Parameters parameters, Parameters.Flat flat) {
    for (Map.Entry<String, float[]> tensor : parameters.initial().tensors().entrySet()) {
      String key = tensor.getKey();
      TensorRule held = rule.of(key, tensor.getValue());
      if (held != null) {
        int[] places = places(parameters.slot(key), tensor.getValue().length, flat.offset(key));
        tensors.add(new Held(held, places, new float[places.length]));
      }
    }
    shown = new float[tensors.isEmpty() ? 0 : parameters.length()];
  }

  private static int[] places(ParameterSlot slot, int length, int offset) {
    int[] numbered = new int[length];
    for (int i = 0; i < length; i++) {
      numbered[i] = i + 1; // 0 stands where the layout pads
    }
    int[] stored = slot.stored(numbered);
    int[] places = new int[length];
    for (int i = 0; i < stored.length; i++) {
      if (stored[i] > 0) {
        places[stored[i] - 1] = offset + i;
      }
    }
    return places;
  }

  /** Turns the weights that a training starts from into what is held. */
  void start(float[] weights) {
    tensors.forEach(held -> held.change(weights, held.rule::start));
  }

  /** Takes out of a gradient what would break a rule. */
  void adjust(float[] gradients) {
    tensors.forEach(held -> held.change(gradients, held.rule::adjust));
  }

  /** Moves weights back to where they may be. */
  void hold(float[] weights) {
    tensors.forEach(held -> held.change(weights, held.rule::hold));
  }

  /** What the network computes with. */
  float[] shown(float[] weights) {
    if (tensors.isEmpty()) {
      return weights;
    }
    System.arraycopy(weights, 0, shown, 0, weights.length);
    for (Held held : tensors) {
      held.read(weights);
      held.write(held.rule.shown(held.plain), shown);
    }
    return shown;
  }
}
