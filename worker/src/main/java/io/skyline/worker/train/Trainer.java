package io.skyline.worker.train;

import io.skyline.recipe.TrainingPlan;

/** Training steps on one graph: forward, loss, backward, update. */
final class Trainer {
  private final Graph graph;
  private final double labelSmoothing;
  private final CosineSchedule schedule;
  private final Optimizer optimizer;
  private final Parameters.Flat flat;
  private final float[] weights;
  private final float[] gradients;
  private final float[] images;
  private final int[] labels;
  private final float[] targets;
  private final boolean regression;
  private final float[] logits;
  private final float[] byLogit;
  private long step;

  /**
   * @param stepsPerEpoch batches in an epoch
   * @param regression whether the network is to give {@link #targets}, not classes
   */
  Trainer(Graph graph, TrainingPlan plan, int stepsPerEpoch, boolean regression) {
    this.graph = graph;
    this.labelSmoothing = plan.labelSmoothing();
    this.schedule = CosineSchedule.of(plan, stepsPerEpoch);
    Parameters parameters = graph.parameters();
    this.optimizer = Optimizer.of(plan, parameters.length(), parameters.decayed());
    this.flat = parameters.flat();
    this.weights = new float[parameters.length()];
    this.gradients = new float[parameters.length()];
    flat.readValues(weights);
    int batch = graph.batch();
    this.images = new float[Math.toIntExact(batch * graph.architecture().input().elements())];
    this.labels = new int[batch];
    this.targets = new float[regression ? batch : 0];
    this.regression = regression;
    this.logits = new float[batch * graph.architecture().classes()];
    this.byLogit = new float[logits.length];
  }

  /** Where the next batch's images go: batch x channels x height x width, normalised. */
  float[] images() {
    return images;
  }

  /** Where the next batch's labels go. */
  int[] labels() {
    return labels;
  }

  /** Where the next batch's numbers to predict go, normalised; empty in classification. */
  float[] targets() {
    return targets;
  }

  /**
   * Takes one step on the batch in {@link #images} and {@link #labels} or {@link #targets}.
   *
   * @return the batch's mean loss before the update
   * @throws DivergedException if the loss is not finite
   */
  double step() {
    graph.forward(images, logits);
    double loss =
        regression
            ? SquaredError.loss(logits, targets, byLogit)
            : SoftmaxCrossEntropy.loss(
                logits, labels, graph.architecture().classes(), labelSmoothing, byLogit);
    if (!Double.isFinite(loss)) {
      throw new DivergedException("the loss is " + loss + " at step " + (step + 1));
    }
    graph.backward(byLogit);
    flat.readGradients(gradients);
    optimizer.step(weights, gradients, schedule.rate(step));
    flat.writeValues(weights);
    step++;
    return loss;
  }

  /**
   * Looks at every weight: a ReLU turns a weight that is not a number into a finite loss.
   *
   * @throws DivergedException if one is not finite
   */
  void requireFinite() {
    for (float weight : weights) {
      if (!Float.isFinite(weight)) {
        throw new DivergedException("a weight is " + weight + " after step " + step);
      }
    }
  }
}
