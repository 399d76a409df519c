package io.skyline.worker.dl4j;

import io.skyline.worker.data.Examples;
import java.io.IOException;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a {@code model.zip} as its users will: loaded by DL4J, fed with raw pixels. */
public final class ZippedModel {
  private static final int BATCH = 64;

  private ZippedModel() {}

  /**
   * Loads a file and runs it.
   *
   * @return class probabilities, {@code examples x classes}, row-major; or a number for each
   *     example
   * @throws IOException if DL4J cannot load it, or cannot run it on such examples
   */
  public static float[] predict(Path file, Examples examples) throws IOException {
    try {
      return run(file, examples);
    } catch (RuntimeException e) { // of several kinds, where a file does not fit
      throw new IOException("DL4J cannot run " + file + ": " + e.getMessage(), e);
    }
  }

  private static float[] run(Path file, Examples examples) throws IOException {
    ComputationGraph graph = ComputationGraph.load(file.toFile(), false);
    try {
      int length = Math.toIntExact(examples.shape().elements());
      float[][] rows = new float[examples.count()][];
      for (int from = 0; from < rows.length; from += BATCH) {
        int count = Math.min(BATCH, rows.length - from);
        float[] pixels = new float[count * length];
        for (int i = 0; i < count; i++) {
          examples.read(from + i, pixels, i * length);
        }
        long[] shape = {
          count, examples.shape().channels(), examples.shape().height(), examples.shape().width()
        };
        try (INDArray inputs = Nd4j.create(pixels, shape, 'c');
            INDArray outputs = graph.outputSingle(inputs)) {
          for (int i = 0; i < count; i++) {
            rows[from + i] = outputs.getRow(i).toFloatVector();
          }
        }
      }
      return flat(rows);
    } finally {
      Dl4jGraphs.release(graph);
    }
  }

  private static float[] flat(float[][] rows) {
    int classes = rows.length == 0 ? 0 : rows[0].length;
    float[] flat = new float[rows.length * classes];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * classes, classes);
    }
    return flat;
  }
}
