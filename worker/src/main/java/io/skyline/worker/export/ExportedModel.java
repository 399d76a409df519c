package io.skyline.worker.export;

import io.skyline.architecture.Architecture;
import io.skyline.cost.Storage;
import io.skyline.cost.StoragePlan;
import io.skyline.worker.network.Network;
import io.skyline.worker.pack.PackedModel;

/**
 * A network as it is shipped.
 *
 * @param architecture of the network, closed exits included: costs count the worst case
 * @param storage how its numbers are stored
 * @param onnx the content of {@code model.onnx}
 * @param packed the content of {@code model.sky}, which unpacks to {@code onnx}
 */
public record ExportedModel(
    Architecture architecture, StoragePlan storage, byte[] onnx, byte[] packed) {

  /** Writes and packs a network, whose batch normalizations should be folded. */
  public static ExportedModel of(Network network, Encoding encoding) {
    byte[] onnx = OnnxWriter.write(network, encoding);
    StoragePlan storage = storage(network.architecture(), encoding);
    return new ExportedModel(network.architecture(), storage, onnx, PackedModel.pack(onnx));
  }

  /** How an encoding of a network stores numbers. */
  public static StoragePlan storage(Architecture architecture, Encoding encoding) {
    if (encoding instanceof Encoding.IntegerWeights weights) {
      return StoragePlan.integers(architecture, weights.limits().keySet());
    }
    if (encoding instanceof Encoding.Int8) {
      return StoragePlan.all(Storage.INT8);
    }
    return StoragePlan.all(encoding instanceof Encoding.Float16 ? Storage.FP16 : Storage.FP32);
  }
}
