package io.skyline.coordinator.controller;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A number of genomes as a search learns it: the values observed and a model of the others, whose
 * kernel and warping are fitted anew each time the observations are a quarter more, to at most 100
 * of them: the latest 50 and a sample of the others. A function of the observations in their order
 * and of nothing else.
 */
final class Response {
  /** Observations that a model is made of; of more, the latest half and a sample of the others. */
  private static final int MOST = 800;

  /** Observations that parameters are fitted to. */
  private static final int FITTED = 100;

  /** After so many the first model is made. */
  private static final int FIRST = 3;

  private static final double GROWTH = 1.25;
  private static final int MOST_GROWTH = 100;

  private final GenomeKernel kernel;
  private final List<int[]> codes = new ArrayList<>();
  private final List<Double> values = new ArrayList<>();
  private final Map<List<Integer>, Integer> indexOf = new HashMap<>();

  /** The values that the next model's parameters are fitted to: as they were when it was due. */
  private double[] toFit = {};

  private int due = FIRST;
  private Model model;

  Response(GenomeKernel kernel) {
    this.kernel = kernel;
    this.model = Model.none(kernel);
  }

  /**
   * What was fitted.
   *
   * @param count of observations that it was fitted to
   * @param base those that the process is made of, besides all later ones
   * @param factor rows of the process over them, as far as known
   */
  private record Model(
      GenomeKernel.Fitted kernel,
      Warping warping,
      int count,
      List<Integer> base,
      double[][] factor) {
    static Model none(GenomeKernel kernel) {
      return new Model(
          kernel.with(kernel.prior()), Warping.linear(0, 1), 0, List.of(), new double[0][]);
    }

    Model knowing(double[][] rows) {
      return new Model(kernel, warping, count, base, rows);
    }
  }

  /** Takes an observation, or takes it otherwise. */
  void put(int[] code, double value) {
    List<Integer> key = Arrays.stream(code).boxed().toList();
    @Nullable Integer known = indexOf.putIfAbsent(key, values.size());
    if (known != null) {
      values.set(known, value);
      return;
    }
    codes.add(code);
    values.add(value);
    if (values.size() == due) {
      toFit = values.stream().mapToDouble(Double::doubleValue).toArray();
      due = Math.min((int) Math.ceil(due * GROWTH), due + MOST_GROWTH);
    }
  }

  /** Whether there are observations enough for a model. */
  boolean isKnown() {
    return values.size() >= FIRST;
  }

  /** The value that this share of the observations does not exceed. */
  double quantile(double share) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[(int) (share * (sorted.length - 1))];
  }

  /**
   * A forecast of the warped value, and what it means.
   *
   * @param process over the warped values
   * @param believed of each pending genome its warped value, as the observations foresee it
   */
  record Posterior(Warping warping, GaussianProcess process, double[] believed) {}

  /** What the observations say, and pending genomes as if they had come out as foreseen. */
  Posterior posterior(List<int[]> pending) {
    refit();
    List<Integer> indices = new ArrayList<>(model.base());
    for (int i = model.count(); i < values.size(); i++) {
      indices.add(i);
    }
    List<int[]> known = new ArrayList<>(indices.stream().map(codes::get).toList());
    double[] warped = model.warping().of(indices.stream().mapToDouble(values::get).toArray());
    GaussianProcess process = new GaussianProcess(model.kernel(), known, warped, model.factor());
    model = model.knowing(process.factor());
    double[] means = {};
    if (!pending.isEmpty()) {
      means = process.forecast(pending).means();
      double[] believed = Arrays.copyOf(warped, warped.length + means.length);
      System.arraycopy(means, 0, believed, warped.length, means.length);
      known.addAll(pending);
      process = new GaussianProcess(model.kernel(), known, believed, process.factor());
    }
    return new Posterior(model.warping(), process, means);
  }

  private void refit() {
    if (toFit.length > model.count()) {
      model = fitted(toFit);
    }
  }

  private Model fitted(double[] observed) {
    int count = observed.length;
    List<Integer> chosen = sample(count, FITTED);
    List<int[]> genomes = chosen.stream().map(codes::get).toList();
    double[] plain = chosen.stream().mapToDouble(i -> observed[i]).toArray();
    GenomeKernel.Fitted start = kernel.with(kernel.prior());
    Warping warping = Warping.of(plain, likelihood(start, genomes, plain));
    GenomeKernel.Fitted best = KernelFit.of(kernel, genomes, warping.of(plain));
    Warping after = Warping.of(plain, likelihood(best, genomes, plain));
    return new Model(best, after, count, sample(count, MOST), new double[0][]);
  }

  private static Warping.Likelihood likelihood(
      GenomeKernel.Fitted kernel, List<int[]> genomes, double[] values) {
    double[][] factor = new GaussianProcess(kernel, genomes, values, new double[0][]).factor();
    return warped -> new GaussianProcess(kernel, genomes, warped, factor).logLikelihood();
  }

  /** Of the first {@code count} observations at most so many: the latest, and some of the rest. */
  private static List<Integer> sample(int count, int most) {
    int latest = count <= most ? count : most / 2;
    int older = Math.min(count, most) - latest;
    List<Integer> chosen = new ArrayList<>();
    for (int i = 0; i < older; i++) {
      chosen.add((int) ((long) i * (count - latest) / older));
    }
    for (int i = count - latest; i < count; i++) {
      chosen.add(i);
    }
    return chosen;
  }
}
