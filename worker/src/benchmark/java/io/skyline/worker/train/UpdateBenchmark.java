package io.skyline.worker.train;

import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.network.Normalization;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What follows the backward pass: Adam on every weight of ResNet-20, with weight decay. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class UpdateBenchmark {
  /** Gradients are read; weights and two averages read and written: 272,474 of each. */
  static final double BYTES = 7.0 * 272_474 * Float.BYTES;

  private Graph graph;
  private Optimizer optimizer;
  private Parameters.Flat flat;
  private float[] weights;
  private float[] gradients;

  @Setup
  public void plan() {
    Normalization normalization =
        new Normalization(Collections.nCopies(3, 0f), Collections.nCopies(3, 255f));
    graph =
        new Graph(
            new OneDnnEngine().fresh(BenchmarkNets.C.architecture(), normalization, 3), 1, true);
    Parameters parameters = graph.parameters();
    optimizer =
        Optimizer.of(
            TrainingPlan.standard(1).withLearningRate(1e-3),
            parameters.length(),
            parameters.decayed());
    flat = parameters.flat();
    weights = new float[parameters.length()];
    gradients = new float[parameters.length()];
    flat.readValues(weights);
  }

  @Benchmark
  public void adam() {
    flat.readGradients(gradients);
    optimizer.step(weights, gradients, 1e-3);
    flat.writeValues(weights);
  }

  @TearDown
  public void close() {
    graph.close();
  }
}
