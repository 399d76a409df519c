package io.skyline.worker.train;

import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.data.TrainingBatch;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Training steps on one graph: forward, loss, backward, update. */
final class Trainer implements Learner {
  private final Graph graph;
  private final LearningRate rate;
  private final Optimizer optimizer;
  private final GradientLimit limit;
  private final Condensing condensing;
  private final HeldWeights held;
  private final BatchLoss targets;
  private final @Nullable WeightAverage average;
  private final List<float[]> companions;
  private final Parameters.Flat flat;
  private final float[] weights;
  private final float[] gradients;
  private final float[] logits;
  private final float[] byLogit;
  private final TrainingState state;
  private long step;

  /**
   * @param rule that holds after every step
   * @param targets of the batches
   * @param stepsPerEpoch batches in an epoch
   */
  Trainer(Graph graph, WeightRule rule, TrainingPlan plan, BatchLoss targets, int stepsPerEpoch) {
    this.graph = graph;
    this.rate = LearningRate.of(plan, stepsPerEpoch);
    Parameters parameters = graph.parameters();
    this.optimizer = Optimizer.of(plan, parameters.length(), parameters.decayed());
    this.limit = new GradientLimit(plan.regularization().clipNorm());
    this.condensing =
        new Condensing(
            graph.architecture(),
            parameters,
            (long) plan.epochs() * stepsPerEpoch,
            plan.regularization().groupLasso());
    this.flat = parameters.flat();
    this.weights = new float[parameters.length()];
    this.gradients = new float[parameters.length()];
    flat.readValues(weights);
    this.held = new HeldWeights(rule, parameters, flat);
    held.start(weights);
    held.hold(weights);
    flat.writeValues(held.shown(weights));
    this.targets = targets;
    this.average = average(plan.regularization().averaging(), parameters);
    this.state = new TrainingState(parameters, flat, weights, optimizer.memory(), average);
    this.companions = companions(optimizer, average, weights);
    this.logits = new float[graph.logits()];
    this.byLogit = new float[logits.length];
  }

  /**
   * Goes on after so many steps.
   *
   * @param numbers as {@link #numbers} gave them
   * @throws IllegalArgumentException if they are not of this network and this plan
   */
  void resume(Map<String, float[]> numbers, long steps) {
    state.write(numbers);
    flat.writeValues(weights);
    optimizer.resume(steps);
    if (average != null) {
      average.resume(steps);
    }
    step = steps;
  }

  /** All from which a training of free weights without learned groups goes on. */
  Map<String, float[]> numbers() {
    Map<String, float[]> numbers = state.read();
    flat.writeValues(weights);
    return numbers;
  }

  private @Nullable WeightAverage average(double decay, Parameters parameters) {
    if (decay == 0) {
      return null;
    }
    List<float[]> followed = new ArrayList<>(parameters.statistics());
    followed.add(weights);
    return new WeightAverage(decay, followed);
  }

  /** What goes along with the weights, number by number. */
  private static List<float[]> companions(
      Optimizer optimizer, @Nullable WeightAverage average, float[] weights) {
    List<float[]> companions = new ArrayList<>(optimizer.memory());
    if (average != null) {
      companions.add(average.of(weights));
    }
    return companions;
  }

  @Override
  public double step(TrainingBatch batch) {
    if (condensing.advance(step, weights, companions)) {
      flat.writeValues(held.shown(weights));
    }
    graph.forward(batch.images(), logits);
    targets.take(batch);
    double loss = targets.loss(logits, byLogit);
    if (!Double.isFinite(loss)) {
      throw new DivergedException("the loss is " + loss + " at step " + (step + 1));
    }
    graph.backward(byLogit);
    flat.readGradients(gradients);
    condensing.adjust(weights, gradients);
    held.adjust(gradients);
    limit.apply(gradients);
    optimizer.step(weights, gradients, rate.at(step));
    held.hold(weights);
    flat.writeValues(held.shown(weights));
    if (average != null) {
      average.update();
    }
    step++;
    return loss;
  }

  @Override
  public boolean isCondensed() {
    return condensing.isDone();
  }

  /** Looks at every weight: a ReLU turns a weight that is not a number into a finite loss. */
  @Override
  public void requireFinite() {
    for (float weight : weights) {
      if (!Float.isFinite(weight)) {
        throw new DivergedException("a weight is " + weight + " after step " + step);
      }
    }
  }

  @Override
  public Weights weights() {
    if (average == null) {
      return graph.weights();
    }
    average.exchange();
    flat.writeValues(held.shown(weights));
    Weights averaged = graph.weights();
    average.exchange();
    flat.writeValues(held.shown(weights));
    return averaged;
  }
}
