package io.skyline.worker.compress;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Node;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.WeightGrid;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.score.ActivationRanges;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Moves kernels to their grids: after training on them if wanted, where each grid's scales follow
 * the gains of normalizations, which are then folded away, and dead channels removed. Static int8
 * measures the ranges of all activations (Jacob et al. 2018) on calibration data: at the end, or
 * before training that is aware of them.
 */
record Quantizer(Quantization quantization) implements CompressionStep {
  /**
   * Training on rounded weights peaks at this share of the training's peak rate: signs of weights
   * must be able to turn.
   */
  private static final double RATE = 0.5;

  @Override
  public Encoded apply(Encoded input, Workbench bench) {
    Network network = deployed(input.network(), bench);
    Map<String, WeightGrid> grids = quantization.grids(network.architecture());
    Network start = network;
    Optional<Encoding> trainedOn = Optional.empty();
    if (quantization.precision() == Precision.INT8 && quantization.awareEpochs() > 0) {
      Encoding.Int8 bytes = ranges(Grids.round(BatchNormFolding.fold(network), grids), bench);
      start = ByteTraining.of(network, bytes);
      trainedOn = Optional.of(bytes);
    }
    StraightThrough rule = new StraightThrough(network, grids, input.hold());
    Weights weights = bench.train(start, rule, quantization.awareEpochs(), RATE).weights();
    Network aware = new Network(network.architecture(), weights, network.normalization());
    Network folded = DeadChannels.remove(BatchNormFolding.fold(aware));
    Network rounded = Grids.round(folded, grids);
    Network stored =
        quantization.biasCorrection()
            ? BiasCorrection.of(folded, rounded, bench.calibration())
            : rounded;
    return Encoded.stored(stored, trainedOn.orElseGet(() -> encoding(stored, grids, bench)));
  }

  /**
   * The network in the form in which it will be trained, with what is new to it as freshly made.
   */
  private Network deployed(Network network, Workbench bench) {
    Architecture form = quantization.deployed(network.architecture());
    if (form.equals(network.architecture())) {
      return network;
    }
    Map<String, float[]> tensors =
        new LinkedHashMap<>(bench.engine().initialize(form, bench.seed()).tensors());
    tensors.putAll(network.weights().tensors());
    return new Network(form, new Weights(tensors), network.normalization());
  }

  private Encoding encoding(Network rounded, Map<String, WeightGrid> grids, Workbench bench) {
    if (quantization.precision() == Precision.INT8) {
      return ranges(rounded, bench);
    }
    Map<String, Integer> limits = new HashMap<>();
    grids.forEach((layer, grid) -> limits.put(layer, grid.limit()));
    boolean dynamic = quantization.precision() == Precision.INT8_DYNAMIC;
    return new Encoding.IntegerWeights(limits, dynamic ? dense(rounded.architecture()) : Set.of());
  }

  private Encoding.Int8 ranges(Network rounded, Workbench bench) {
    return ActivationRanges.measure(rounded, bench.calibration(), quantization.calibration());
  }

  private static Set<String> dense(Architecture architecture) {
    Set<String> names = new HashSet<>();
    for (Node node : architecture.nodes()) {
      if (node.layer() instanceof Dense) {
        names.add(node.name());
      }
    }
    return names;
  }
}
