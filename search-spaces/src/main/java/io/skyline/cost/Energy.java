package io.skyline.cost;

import io.skyline.architecture.Add;
import io.skyline.architecture.ChannelPooling;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Multiply;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import java.util.List;

/**
 * An estimate of energy from operation counts (Horowitz, "Computing's Energy Problem", ISSCC 2014;
 * 45 nm), for a device that keeps weights in DRAM and activations in SRAM:
 *
 * <pre>
 * E = macs * (multiply + add) + additions * add + gates * multiply
 *   + weight bytes / 4 * 640 pJ                    each weight is fetched once
 *   + (bytes read + bytes written) / 4 * 5 pJ      each layer's inputs and output pass SRAM once
 * </pre>
 *
 * <p>Multiply and add cost 3.7 and 0.9 pJ in float32 (fp16 weights compute in float32), 0.2 and
 * 0.03 pJ in int8, where glimpses and soft-argmaxes still compute in float32. It ranks designs; it
 * is no measurement of a device.
 */
final class Energy {
  // whole femtojoules, so that sums do not depend on their order
  private static final long DRAM_BYTE = 160_000;
  private static final long SRAM_BYTE = 1_250;

  private Energy() {}

  /** Femtojoules of one layer; one that runs inside its producer moves no activations. */
  static long femtojoules(
      Node node,
      List<Shape> inputs,
      Shape output,
      boolean fused,
      long macs,
      long weightBytes,
      Storage storage) {
    boolean integers = storage == Storage.INT8 && !Storage.staysFloat(node.layer());
    long multiply = integers ? 200 : 3_700;
    long add = integers ? 30 : 900;
    long moved = fused ? 0 : inputs.stream().mapToLong(Shape::elements).sum() + output.elements();
    return macs * (multiply + add)
        + additions(node, inputs, output) * add
        + (node.layer() instanceof Multiply ? output.elements() * multiply : 0)
        + weightBytes * DRAM_BYTE
        + moved * storage.activationBytes(node.layer()) * SRAM_BYTE;
  }

  private static long additions(Node node, List<Shape> inputs, Shape output) {
    if (node.layer() instanceof Add) {
      return output.elements();
    }
    if (node.layer() instanceof Pooling pooling) {
      return output.elements() * pooling.taps();
    }
    return node.layer() instanceof GlobalAveragePool || node.layer() instanceof ChannelPooling
        ? inputs.get(0).elements()
        : 0;
  }
}
