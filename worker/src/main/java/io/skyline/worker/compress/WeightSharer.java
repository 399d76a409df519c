package io.skyline.worker.compress;

import io.skyline.architecture.Dense;
import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.recipe.WeightSharing;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Folds normalizations away, moves the weights of each kernel, and its biases, to the means of
 * clusters, and trains these on.
 */
record WeightSharer(WeightSharing sharing) implements CompressionStep {
  private static final double RATE = 0.1;

  @Override
  public Encoded apply(Encoded input, Workbench bench) {
    Network folded = BatchNormFolding.fold(input.network());
    Map<String, float[]> tensors = new LinkedHashMap<>();
    for (Node node : folded.architecture().nodes()) {
      int bits = node.layer() instanceof Dense ? sharing.bits() : sharing.convolutionBits();
      for (Parameter parameter : folded.architecture().parameters(node)) {
        float[] values = folded.weights().get(node, parameter.name());
        boolean shares = parameter.name().equals("kernel") || parameter.name().equals("bias");
        tensors.put(
            Weights.key(node, parameter.name()),
            shares ? Clusters.share(values, 1 << bits) : values);
      }
    }
    Network shared =
        new Network(folded.architecture(), new Weights(tensors), folded.normalization());
    Encoded encoded = new Encoded(shared, input.encoding(), Hold.VALUES);
    return bench.tune(encoded, sharing.fineTuneEpochs(), RATE);
  }
}
