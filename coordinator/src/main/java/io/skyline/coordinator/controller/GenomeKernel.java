package io.skyline.coordinator.controller;

import io.skyline.space.Decision;
import io.skyline.space.Genome;
import io.skyline.space.SearchSpace;
import java.util.Arrays;
import java.util.List;

/**
 * How alike two genomes of a space are, up to parameters that are fitted to outcomes.
 *
 * <p>With t_d the distance of their values of decision d, the similarity is rho times the mean of
 * exp(-t_d) plus (1 - rho) times the product of all exp(-t_d): the first part models effects that
 * add up, the second one those that depend on each other. Values of a categorical decision lie on
 * the legs of a star, t = u_v + u_w, so that one odd value is far from all the others while those
 * stay near to each other; values of an ordinal one that is always active lie on a line. Both are
 * tree metrics, for which the sum is positive definite. An inactive decision has a value of its
 * own.
 */
final class GenomeKernel {
  /** Standard deviations of the parameters' normal priors. */
  private static final double LENGTH_SPREAD = 1;

  private static final double OTHER_SPREAD = 1.5;
  private static final double NOISE = -6;

  private final SearchSpace space;
  private final int[] sizes;
  private final boolean[] onLine;
  private final int[] firstLength;
  private final int lengths;

  GenomeKernel(SearchSpace space) {
    this.space = space;
    int count = space.decisions().size();
    this.sizes = new int[count];
    this.onLine = new boolean[count];
    this.firstLength = new int[count];
    int next = 0;
    for (int d = 0; d < count; d++) {
      Decision decision = space.decisions().get(d);
      boolean conditional = decision.when().isPresent();
      sizes[d] = decision.values().size() + (conditional ? 1 : 0);
      onLine[d] = decision.kind() == Decision.Kind.ORDINAL && !conditional;
      firstLength[d] = next;
      next += onLine[d] ? 1 : sizes[d];
    }
    this.lengths = next;
  }

  /** A genome as the index of its value for each decision; one beyond the last where inactive. */
  int[] code(Genome genome) {
    int[] code = new int[sizes.length];
    Arrays.setAll(code, d -> sizes[d] - 1);
    List<Integer> choices = genome.choices();
    for (int d : space.active(genome)) {
      code[d] = choices.get(d);
    }
    return code;
  }

  /** The parameters before anything is known: logarithms of lengths, logit of rho, log of noise. */
  double[] prior() {
    double[] prior = new double[lengths + 2];
    Arrays.fill(prior, 0, lengths, -StrictMath.log(sizes.length));
    prior[lengths + 1] = NOISE;
    return prior;
  }

  /** The logarithm of the prior density at parameters, but for a constant. */
  double logPrior(double[] parameters) {
    double sum = 0;
    double[] prior = prior();
    for (int i = 0; i < prior.length; i++) {
      double z = (parameters[i] - prior[i]) / spread(i);
      sum -= z * z / 2;
    }
    return sum;
  }

  /** Its gradient. */
  double[] logPriorGradient(double[] parameters) {
    double[] prior = prior();
    double[] gradient = new double[prior.length];
    Arrays.setAll(gradient, i -> (prior[i] - parameters[i]) / (spread(i) * spread(i)));
    return gradient;
  }

  private double spread(int parameter) {
    return parameter < lengths ? LENGTH_SPREAD : OTHER_SPREAD;
  }

  /** The kernel with these parameters. */
  Fitted with(double[] parameters) {
    return new Fitted(parameters);
  }

  /** Similarities under fixed parameters, 1 for equal genomes. */
  final class Fitted {
    private final double[] parameters;
    private final double[] lengths;

    /** exp(-t) by decision and pair of values; by difference of values on a line. */
    private final double[][][] near;

    private final double rho;
    private final double noise;

    private Fitted(double[] parameters) {
      this.parameters = parameters.clone();
      this.lengths = new double[GenomeKernel.this.lengths];
      Arrays.setAll(lengths, i -> StrictMath.exp(parameters[i]));
      this.rho = 1 / (1 + StrictMath.exp(-parameters[lengths.length]));
      this.noise = StrictMath.exp(parameters[lengths.length + 1]);
      this.near = new double[sizes.length][][];
      for (int d = 0; d < sizes.length; d++) {
        int rows = onLine[d] ? 1 : sizes[d];
        near[d] = new double[rows][sizes[d]];
        for (int v = 0; v < rows; v++) {
          for (int w = 0; w < sizes[d]; w++) {
            near[d][v][w] = StrictMath.exp(-distance(d, v, w));
          }
        }
      }
    }

    private double distance(int d, int v, int w) {
      if (v == w) {
        return 0;
      }
      int first = firstLength[d];
      return onLine[d]
          ? 2 * lengths[first] * Math.abs(v - w)
          : lengths[first + v] + lengths[first + w];
    }

    private double near(int d, int v, int w) {
      return onLine[d] ? near[d][0][Math.abs(v - w)] : near[d][v][w];
    }

    double[] parameters() {
      return parameters.clone();
    }

    /** The variance of noise, as a share of that of the function. */
    double noise() {
      return noise;
    }

    /** The similarity of two genomes' codes. */
    double of(int[] a, int[] b) {
      double sum = 0;
      double product = 1;
      for (int d = 0; d < a.length; d++) {
        double share = near(d, a[d], b[d]);
        sum += share;
        product *= share;
      }
      return rho * sum / a.length + (1 - rho) * product;
    }

    /** Adds a multiple of the gradient of the similarity of two codes by the parameters. */
    void addGradient(int[] a, int[] b, double weight, double[] gradient) {
      double sum = 0;
      double product = 1;
      for (int d = 0; d < a.length; d++) {
        double share = near(d, a[d], b[d]);
        sum += share;
        product *= share;
      }
      gradient[lengths.length] += weight * (sum / a.length - product) * rho * (1 - rho);
      for (int d = 0; d < a.length; d++) {
        if (a[d] == b[d]) {
          continue;
        }
        double slope = -weight * (rho / a.length * near(d, a[d], b[d]) + (1 - rho) * product);
        int first = firstLength[d];
        if (onLine[d]) {
          gradient[first] += slope * 2 * lengths[first] * Math.abs(a[d] - b[d]);
        } else {
          gradient[first + a[d]] += slope * lengths[first + a[d]];
          gradient[first + b[d]] += slope * lengths[first + b[d]];
        }
      }
    }

    /** Adds a multiple of the noise's gradient, which acts on each observation alone. */
    void addNoiseGradient(double weight, double[] gradient) {
      gradient[lengths.length + 1] += weight * noise;
    }
  }
}
