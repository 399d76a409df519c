package io.skyline.worker.compress;

import io.skyline.worker.data.Examples;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.score.ExitOutputs;
import java.util.List;
import java.util.Optional;

/**
 * How much each layer can lose: layer by layer the loss on training examples when that layer alone
 * is pruned (Han et al. 2015, section 3.2), and from it the shares that raise every layer's loss
 * alike.
 */
final class Sensitivity {
  private static final double[] PROBES = {0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995};
  private static final int EXAMPLES = 1000;
  private static final int BISECTIONS = 60;
  private static final double LARGEST_LOSS = 100;

  private Sensitivity() {}

  /**
   * The share of each kernel's weights that becomes zero, in the order of {@link Kernel#of}.
   *
   * @param share of all weights of kernels
   */
  static double[] shares(Network network, double share, Workbench bench) {
    Examples examples = bench.training().withLabels().spread(EXAMPLES);
    double whole = loss(network, examples, bench);
    List<Kernel> kernels = Kernel.of(network);
    double[][] rises = new double[kernels.size()][PROBES.length];
    for (int k = 0; k < rises.length; k++) {
      double worst = 0;
      for (int i = 0; i < PROBES.length; i++) {
        List<Kernel> cut = List.of(Sparsity.cut(kernels.get(k), PROBES[i]));
        // noise aside, more zeros never help
        worst = Math.max(worst, loss(Kernel.replaced(network, cut), examples, bench) - whole);
        rises[k][i] = worst;
      }
    }
    double low = 0;
    double high = LARGEST_LOSS;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (low + high) / 2;
      if (mean(sharesAt(rises, middle), kernels) < share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return scaledTo(share, sharesAt(rises, high), kernels);
  }

  /** The largest share of each kernel whose rise of the loss is allowed. */
  private static double[] sharesAt(double[][] rises, double allowed) {
    double[] shares = new double[rises.length];
    for (int k = 0; k < shares.length; k++) {
      shares[k] = shareAt(rises[k], allowed);
    }
    return shares;
  }

  private static double shareAt(double[] rise, double allowed) {
    double fromShare = 0;
    double fromRise = 0;
    for (int i = 0; i < rise.length; i++) {
      if (rise[i] > allowed) {
        double way = (allowed - fromRise) / (rise[i] - fromRise);
        return fromShare + (PROBES[i] - fromShare) * way;
      }
      fromShare = PROBES[i];
      fromRise = rise[i];
    }
    return fromShare;
  }

  private static double mean(double[] shares, List<Kernel> kernels) {
    double zeros = 0;
    double all = 0;
    for (int k = 0; k < shares.length; k++) {
      zeros += shares[k] * kernels.get(k).weights().length;
      all += kernels.get(k).weights().length;
    }
    return zeros / all;
  }

  /** What is kept, or where too much went what goes, scaled so that the shares add up. */
  static double[] scaledTo(double share, double[] shares, List<Kernel> kernels) {
    double mean = mean(shares, kernels);
    double[] scaled = new double[shares.length];
    for (int k = 0; k < scaled.length; k++) {
      scaled[k] =
          mean >= share ? shares[k] * share / mean : 1 - (1 - shares[k]) * (1 - share) / (1 - mean);
    }
    return scaled;
  }

  /** The mean loss; where there are exits, of all of them and of the last output alike. */
  private static double loss(Network network, Examples examples, Workbench bench) {
    List<float[]> outputs =
        network.architecture().exits().isEmpty()
            ? List.of(bench.engine().predict(network, examples))
            : ExitOutputs.of(network, Encoding.FLOAT32, examples);
    return outputs.stream()
        .mapToDouble(answers -> loss(answers, network, examples))
        .average()
        .orElseThrow();
  }

  private static double loss(float[] answers, Network network, Examples examples) {
    Optional<Normalization.Target> target = network.normalization().target();
    int classes = network.architecture().classes();
    double sum = 0;
    for (int i = 0; i < examples.count(); i++) {
      if (target.isPresent()) {
        double error = (answers[i] - examples.targets()[i]) / target.get().deviation();
        sum += error * error;
      } else {
        sum -= Math.log(Math.max(answers[i * classes + examples.labels()[i]], 1e-12));
      }
    }
    return sum / examples.count();
  }
}
