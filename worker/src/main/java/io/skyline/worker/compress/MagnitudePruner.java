package io.skyline.worker.compress;

import io.skyline.recipe.MagnitudePruning;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.train.WeightRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Zeroes the least weights round by round, more each time; what is zero stays zero while the rest
 * trains on, from where it is or from where the training began.
 */
record MagnitudePruner(MagnitudePruning pruning) implements CompressionStep {
  /** Fine-tuning peaks at this share of the training's peak rate; rewound weights at all of it. */
  private static final double RATE = 0.7;

  private static final long REDRAWN_SEED = 0xD1B54A32D192ED03L;

  @Override
  public Encoded apply(Encoded input, Workbench bench) {
    Encoded current = new Encoded(input.network(), input.encoding(), Hold.ZEROS);
    int rounds = pruning.rounds();
    for (int round = 1; round <= rounds; round++) {
      Network sparse = Sparsity.of(current.network(), pruning, pruning.shareAfter(round), bench);
      int epochs =
          pruning.fineTuneEpochs() * round / rounds
              - pruning.fineTuneEpochs() * (round - 1) / rounds;
      Network trained =
          bench.train(
              rewound(sparse, round == rounds, bench),
              zerosOf(sparse),
              epochs,
              pruning.rewinding() == MagnitudePruning.Rewinding.NONE ? RATE : 1);
      current = current.with(trained);
    }
    return current;
  }

  /** Keeps what pruning has zeroed, not what rewound weights begin with as zeros. */
  private static WeightRule zerosOf(Network sparse) {
    Map<String, float[]> masks = new HashMap<>();
    Kernel.of(sparse).forEach(kernel -> masks.put(kernel.key(), kernel.weights()));
    return (key, start) -> {
      float[] mask = masks.get(key);
      return mask == null ? null : new KeptZeros(mask);
    };
  }

  /** Weights are drawn anew for the last round only: until then a ticket is looked for. */
  private Network rewound(Network sparse, boolean last, Workbench bench) {
    return switch (pruning.rewinding()) {
      case NONE -> sparse;
      case TICKET -> masked(bench.start().weights(), sparse);
      case REDRAWN -> masked(last ? redrawn(sparse, bench) : bench.start().weights(), sparse);
    };
  }

  private static Weights redrawn(Network sparse, Workbench bench) {
    return bench.engine().initialize(sparse.architecture(), bench.seed() ^ REDRAWN_SEED);
  }

  /** Other weights, but zeros where kernels have zeros. */
  private static Network masked(Weights weights, Network sparse) {
    Network other = new Network(sparse.architecture(), weights, sparse.normalization());
    List<Kernel> masks = Kernel.of(sparse);
    List<Kernel> masked = new ArrayList<>();
    for (Kernel kernel : Kernel.of(other)) {
      float[] values = kernel.weights().clone();
      new KeptZeros(masks.get(masked.size()).weights()).hold(values);
      masked.add(new Kernel(kernel.key(), values));
    }
    return Kernel.replaced(other, masked);
  }
}
