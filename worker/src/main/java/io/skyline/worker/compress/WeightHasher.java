package io.skyline.worker.compress;

import io.skyline.architecture.Node;
import io.skyline.architecture.Parameter;
import io.skyline.recipe.WeightHashing;
import io.skyline.worker.hashing.HashedKernel;
import io.skyline.worker.hashing.KernelShape;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import io.skyline.worker.train.TensorRule;
import io.skyline.worker.train.WeightRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Folds normalizations away, moves each kernel to the nearest whose frequencies share values by
 * hash, as strong as it was, and trains the values on: as good as anew, since few of the trained
 * weights show in them.
 */
record WeightHasher(WeightHashing hashing) implements CompressionStep {
  /** Of the training's peak rate: all of it. */
  private static final double RATE = 1;

  @Override
  public Encoded apply(Encoded input, Workbench bench) {
    Network folded = BatchNormFolding.fold(input.network());
    Map<String, HashedKernel> kernels = kernels(folded);
    List<Kernel> hashed = new ArrayList<>();
    for (Kernel trained : Kernel.of(folded)) {
      HashedKernel kernel = kernels.get(trained.key());
      hashed.add(kernel == null ? trained : nearest(kernel, trained));
    }
    Encoded encoded =
        new Encoded(Kernel.replaced(folded, hashed), input.encoding(), new Hashed(kernels));
    return bench.tune(encoded, hashing.fineTuneEpochs(), RATE);
  }

  private Map<String, HashedKernel> kernels(Network network) {
    Map<String, HashedKernel> kernels = new LinkedHashMap<>();
    for (Node node : network.architecture().nodes()) {
      for (Parameter parameter : network.architecture().parameters(node)) {
        if (parameter.name().equals("kernel") && WeightHashing.hashes(parameter.dimensions())) {
          KernelShape.of(parameter.dimensions(), parameter.size())
              .ifPresent(
                  shape ->
                      kernels.put(
                          Weights.key(node, parameter.name()),
                          new HashedKernel(shape, hashing.keptPerMille())));
        }
      }
    }
    return kernels;
  }

  /** The nearest hashed kernel, as strong as what it is near to: many layers would fade else. */
  private static Kernel nearest(HashedKernel kernel, Kernel trained) {
    double[] values = kernel.means(trained.weights());
    double near = norm(kernel.kernel(HashedKernel.rounded(values)));
    double scale = near == 0 ? 1 : norm(trained.weights()) / near;
    for (int b = 0; b < values.length; b++) {
      values[b] *= scale;
    }
    return new Kernel(trained.key(), kernel.kernel(HashedKernel.rounded(values)));
  }

  private static double norm(float[] values) {
    double squares = 0;
    for (float value : values) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  /** Hashed kernels stay so. */
  private record Hashed(Map<String, HashedKernel> kernels) implements WeightRule {
    Hashed {
      kernels = Map.copyOf(kernels);
    }

    @Override
    public @Nullable TensorRule of(String key, float[] start) {
      HashedKernel kernel = kernels.get(key);
      return kernel == null ? null : new HashedValues(kernel);
    }
  }
}
