package io.skyline.worker.score;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.skyline.architecture.Architecture;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** A model with one fixed image in place, ready to be run again and again. */
final class TimedModel implements AutoCloseable {
  private final ModelSession model;
  private final Map<String, OnnxTensor> input;
  private final Map<String, OnnxTensor> output;

  TimedModel(byte[] onnx) {
    model = ModelSession.load(onnx);
    try {
      FloatBuffer image = ModelSession.floats(Math.toIntExact(model.input().elements()));
      SplittableRandom random = new SplittableRandom(1);
      for (int i = 0; i < image.capacity(); i++) {
        image.put(i, random.nextInt(256));
      }
      input = Map.of(Architecture.INPUT, model.tensor(image, 1));
      output = Map.of(model.outputName(), model.rows(ModelSession.floats(model.classes()), 1));
    } catch (OrtException e) {
      model.close();
      throw failed(e);
    }
  }

  /** Runs for at least this long, at least once; appends the nanoseconds of every run. */
  void run(long nanoseconds, Samples samples) {
    long end = System.nanoTime() + nanoseconds;
    try {
      long before;
      do {
        before = System.nanoTime();
        model.session().run(input, Set.of(), output).close();
        samples.add(System.nanoTime() - before);
      } while (before < end);
    } catch (OrtException e) {
      throw failed(e);
    }
  }

  private static IllegalStateException failed(OrtException e) {
    return new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    input.values().forEach(OnnxTensor::close);
    output.values().forEach(OnnxTensor::close);
    model.close();
  }

  /** A growing list of durations in nanoseconds. */
  static final class Samples {
    private long[] values = new long[1024];
    private int count;

    void add(long value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, 2 * count);
      }
      values[count++] = value;
    }

    /** The quartile below which a quarter of the samples lie: what an undisturbed run takes. */
    double lowerQuartile() {
      long[] sorted = Arrays.copyOf(values, count);
      Arrays.sort(sorted);
      return sorted[(count - 1) / 4];
    }
  }
}
