package io.skyline.worker.dl4j;

import io.skyline.architecture.Architecture;
import io.skyline.worker.data.TrainingBatch;
import io.skyline.worker.network.Weights;
import io.skyline.worker.train.DivergedException;
import io.skyline.worker.train.Learner;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A DL4J graph in training. */
record GraphLearner(ComputationGraph graph, Architecture architecture, TargetRows targets)
    implements Learner {

  /** The loss is without the decay's penalty. */
  @Override
  public double step(TrainingBatch batch) {
    double penalty = graph.calcRegularizationScore(true);
    try (INDArray inputs = batch(architecture, batch.images());
        INDArray outputs = Nd4j.createFromArray(targets.rows(batch))) {
      graph.fit(new INDArray[] {inputs}, Dl4jGraphs.forEveryOutput(graph, outputs));
    }
    double loss = graph.score() - penalty;
    if (!Double.isFinite(loss)) {
      throw new DivergedException("the loss is " + loss);
    }
    return loss;
  }

  @Override
  public void requireFinite() {
    weights()
        .tensors()
        .forEach(
            (key, values) -> {
              for (float value : values) {
                if (!Float.isFinite(value)) {
                  throw new DivergedException(key + " holds " + value);
                }
              }
            });
  }

  @Override
  public Weights weights() {
    return Dl4jGraphs.read(graph, architecture);
  }

  /** Normalised images as DL4J takes them. */
  static INDArray batch(Architecture architecture, float[] images) {
    long channels = architecture.input().channels();
    long height = architecture.input().height();
    long width = architecture.input().width();
    long count = images.length / architecture.input().elements();
    return Nd4j.create(images, new long[] {count, channels, height, width}, 'c');
  }
}
