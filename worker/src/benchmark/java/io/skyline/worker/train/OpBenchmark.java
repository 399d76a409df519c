package io.skyline.worker.train;

import io.skyline.architecture.Architecture;
import io.skyline.worker.network.Normalization;
import java.util.Collections;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The forward and the backward steps of one op, as a trainer runs them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OpBenchmark {
  @Param public OpCase op;

  private Graph graph;
  private Program forward;
  private Program backward;

  /** Lays the op out and runs everything once, so that it works on values that occur. */
  @Setup
  public void plan() {
    Architecture architecture = op.architecture();
    int channels = architecture.input().channels();
    Normalization normalization =
        new Normalization(Collections.nCopies(channels, 0f), Collections.nCopies(channels, 255f));
    graph = new Graph(new OneDnnEngine().fresh(architecture, normalization, 3), OpCase.BATCH, true);
    SplittableRandom random = new SplittableRandom(1);
    float[] images = new float[OpCase.BATCH * (int) architecture.input().elements()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (float) random.nextGaussian();
    }
    float[] logits = new float[OpCase.BATCH * architecture.classes()];
    graph.forward(images, logits);
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian() / OpCase.BATCH;
    }
    graph.backward(logits);
    forward = graph.forwardProgram().only(op.steps());
    backward = graph.backwardProgram().only(op.steps());
    if (forward.isEmpty() || backward.isEmpty()) {
      throw new IllegalStateException("no steps of " + op);
    }
  }

  @Benchmark
  public void forward() {
    forward.run();
  }

  @Benchmark
  public void backward() {
    backward.run();
  }

  @TearDown
  public void close() {
    graph.close();
  }
}
