package io.skyline.worker.train;

import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;

/**
 * Watches a training on examples that it does not train on, and remembers the best weights: those
 * with the most right answers, counted by the plan's class weights, and of equals those with the
 * least cross-entropy; in regression those with the least squared error.
 */
final class Vigil {
  private final Engine engine;
  private final Network network;
  private final Examples slice;
  private final double[] shares;
  private final int patience;
  private Weights best;
  private double mostRight = -1;
  private double leastLoss = Double.POSITIVE_INFINITY;
  private int sinceBest;

  /**
   * @param slice the examples
   * @param patience epochs in a row without an improvement that end the training
   */
  Vigil(Engine engine, Network network, Examples slice, TrainingPlan plan, int patience) {
    this.engine = engine;
    this.network = network;
    this.slice = slice;
    this.shares =
        ClassShares.of(plan.classWeights(), slice.labels(), network.architecture().classes());
    this.patience = patience;
    this.best = network.weights();
  }

  /** Judges the weights after an epoch; whether patience is at its end. */
  boolean isOver(Weights weights) {
    float[] outputs =
        engine.predict(
            new Network(network.architecture(), weights, network.normalization()), slice);
    double right = slice.isRegression() ? 0 : right(outputs);
    double loss = slice.isRegression() ? squaredError(outputs) : crossEntropy(outputs);
    if (right > mostRight || (right == mostRight && loss < leastLoss)) {
      mostRight = right;
      leastLoss = loss;
      best = weights;
      sinceBest = 0;
    } else {
      sinceBest++;
    }
    return sinceBest >= patience;
  }

  private double right(float[] probabilities) {
    int classes = shares.length;
    double right = 0;
    for (int i = 0; i < slice.count(); i++) {
      int guess = 0;
      for (int c = 1; c < classes; c++) {
        guess = probabilities[i * classes + c] > probabilities[i * classes + guess] ? c : guess;
      }
      right += guess == slice.labels()[i] ? shares[guess] : 0;
    }
    return right;
  }

  private double crossEntropy(float[] probabilities) {
    double loss = 0;
    for (int i = 0; i < slice.count(); i++) {
      int label = slice.labels()[i];
      float probability = probabilities[i * shares.length + label];
      loss -= shares[label] * Math.log(Math.max(Float.MIN_NORMAL, probability));
    }
    return loss;
  }

  private double squaredError(float[] numbers) {
    double sum = 0;
    for (int i = 0; i < slice.count(); i++) {
      double error = numbers[i] - slice.targets()[i];
      sum += error * error;
    }
    return sum;
  }

  /** The best weights seen. */
  Weights best() {
    return best;
  }
}
