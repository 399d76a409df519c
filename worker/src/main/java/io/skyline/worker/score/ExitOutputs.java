package io.skyline.worker.score;

import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import java.util.List;

/** What every exit of a network says of examples, whether or not they would leave there. */
public final class ExitOutputs {
  private ExitOutputs() {}

  /**
   * Runs the network as it will be exported, but for its exits' thresholds.
   *
   * @return probabilities of each exit, in their order, and of the last node, each {@code examples
   *     x classes}, row-major
   */
  public static List<float[]> of(Network network, Encoding encoding, Examples examples) {
    List<String> outputs =
        network.architecture().outputs().stream()
            .map(node -> OnnxWriter.output(network, node))
            .toList();
    try (ModelSession session = ModelSession.load(OnnxWriter.writeOutputs(network, encoding))) {
      return session.predict(examples, outputs);
    }
  }
}
