package io.skyline.worker.train;

import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Keeps a normalization's running mean and variance: usually a tenth of each batch's statistics,
 * the variance without bias (Ioffe and Szegedy 2015, algorithm 2).
 */
final class RunningStatistics implements Runnable {
  /** The weight of the newest batch. */
  static final float MOMENTUM = 0.1f;

  private final FloatPointer batchMean;
  private final FloatPointer batchVariance;
  private final float unbiased;
  private final float[] mean;
  private final float[] variance;
  private final float[] latest;
  private final Graph graph;

  /**
   * @param graph says how much a batch counts
   * @param values of one channel in one batch
   * @param mean changed in place, as is {@code variance}
   */
  RunningStatistics(
      Graph graph,
      memory batchMean,
      memory batchVariance,
      long values,
      float[] mean,
      float[] variance) {
    this.graph = graph;
    this.batchMean = OneDnn.floats(batchMean);
    this.batchVariance = OneDnn.floats(batchVariance);
    this.unbiased = values > 1 ? (float) values / (values - 1) : 1f;
    this.mean = mean;
    this.variance = variance;
    this.latest = new float[mean.length];
  }

  @Override
  public void run() {
    batchMean.get(latest, 0, latest.length);
    mix(mean, latest, 1f);
    batchVariance.get(latest, 0, latest.length);
    mix(variance, latest, unbiased);
  }

  private void mix(float[] running, float[] latest, float scale) {
    float share = graph.momentum();
    for (int i = 0; i < running.length; i++) {
      float value = scale * latest[i];
      // rounding must not let a trace of what was there before survive
      running[i] = share == 1f ? value : running[i] + share * (value - running[i]);
    }
  }
}
