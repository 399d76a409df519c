package io.skyline.worker.compress;

import io.skyline.worker.export.Encoding;
import io.skyline.worker.network.Network;
import io.skyline.worker.train.WeightRule;

/**
 * A network and how its numbers are to be stored.
 *
 * @param network whose weights already lie where the encoding can store them, so that every export
 *     of it agrees: half-precision numbers for fp16, the integers' grid for int8
 * @param hold what fine-tuning must keep of it
 */
public record Encoded(Network network, Encoding encoding, WeightRule hold) {
  /** A network as trained. */
  public static Encoded trained(Network network) {
    return new Encoded(network, Encoding.FLOAT32, Hold.NOTHING);
  }

  /** Other weights under the same rule. */
  Encoded with(Network other) {
    return new Encoded(other, encoding, hold);
  }

  /** Stored in another way, and not to be tuned any more. */
  public static Encoded stored(Network network, Encoding encoding) {
    return new Encoded(network, encoding, Hold.NOTHING);
  }
}
