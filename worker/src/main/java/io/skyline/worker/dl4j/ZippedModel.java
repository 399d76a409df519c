package io.skyline.worker.dl4j;

import io.skyline.worker.data.Examples;
import io.skyline.worker.network.ExitPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a {@code model.zip} as its users will: loaded by DL4J, fed with raw pixels. */
public final class ZippedModel {
  private static final int BATCH = 64;

  private ZippedModel() {}

  /**
   * Loads a file and runs all of it: the answers are those of its last output.
   *
   * @return class probabilities, {@code examples x classes}, row-major; or a number for each
   *     example
   * @throws IOException if DL4J cannot load it, or cannot run it on such examples
   */
  public static float[] predict(Path file, Examples examples) throws IOException {
    List<float[]> outputs = outputs(file, examples);
    return outputs.get(outputs.size() - 1);
  }

  /** The same, where examples leave by a policy; outputs but the last are exits in their order. */
  public static float[] predict(Path file, ExitPolicy exits, Examples examples) throws IOException {
    List<float[]> outputs = outputs(file, examples);
    if (outputs.size() != exits.thresholds().size() + 1) {
      throw new IOException(
          "%s has %d outputs, not one for each of %d exits and one for its end"
              .formatted(file, outputs.size(), exits.thresholds().size()));
    }
    return exits.answers(outputs, outputs.get(0).length / examples.count());
  }

  private static List<float[]> outputs(Path file, Examples examples) throws IOException {
    try {
      return run(file, examples);
    } catch (RuntimeException e) { // of several kinds, where a file does not fit
      throw new IOException("DL4J cannot run " + file + ": " + e.getMessage(), e);
    }
  }

  private static List<float[]> run(Path file, Examples examples) throws IOException {
    ComputationGraph graph = ComputationGraph.load(file.toFile(), false);
    try {
      int length = Math.toIntExact(examples.shape().elements());
      float[][][] rows = new float[graph.getNumOutputArrays()][examples.count()][];
      for (int from = 0; from < examples.count(); from += BATCH) {
        int count = Math.min(BATCH, examples.count() - from);
        float[] pixels = new float[count * length];
        for (int i = 0; i < count; i++) {
          examples.read(from + i, pixels, i * length);
        }
        long[] shape = {
          count, examples.shape().channels(), examples.shape().height(), examples.shape().width()
        };
        try (INDArray inputs = Nd4j.create(pixels, shape, 'c')) {
          INDArray[] outputs = graph.output(inputs);
          for (int output = 0; output < outputs.length; output++) {
            for (int i = 0; i < count; i++) {
              rows[output][from + i] = outputs[output].getRow(i).toFloatVector();
            }
            outputs[output].close();
          }
        }
      }
      return Arrays.stream(rows).map(ZippedModel::flat).toList();
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
