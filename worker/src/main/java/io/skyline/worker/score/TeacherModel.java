package io.skyline.worker.score;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import java.nio.FloatBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any ONNX classifier of images, asked for what it thinks of examples.
 *
 * <p>It takes raw pixel values, 0 to 255, as floats of batch x channels x height x width, in its
 * only input, and has an output of batch x classes: probabilities, or else logits, which are told
 * from them by rows that do not sum to 1. It runs on one thread in batches of one size: the same
 * values give the same bits.
 */
public final class TeacherModel implements AutoCloseable {
  private static final int BATCH = 64;
  private static final double ROUNDING = 1e-3;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;
  private final String output;
  private final int batch;
  private final Shape shape;
  private final int classes;
  private @Nullable Boolean givesLogits;
  private final FloatBuffer pixels;

  private TeacherModel(OrtEnvironment environment, OrtSession session, Shape shape, int classes)
      throws OrtException {
    this.environment = environment;
    this.session = session;
    this.shape = shape;
    this.classes = classes;
    Map<String, NodeInfo> inputs = session.getInputInfo();
    long[] taken = inputs.size() == 1 ? dimensions(inputs.values().iterator().next()) : new long[0];
    if (taken.length != 4
        || !fits(taken[1], shape.channels())
        || !fits(taken[2], shape.height())
        || !fits(taken[3], shape.width())) {
      throw new UnreadableModelException(
          "as a teacher it must take " + shape + " images in its only input", null);
    }
    this.input = inputs.keySet().iterator().next();
    this.batch = taken[0] > 0 ? Math.toIntExact(taken[0]) : BATCH;
    this.output = output(session.getOutputInfo(), classes);
    this.pixels = ModelSession.floats(Math.multiplyExact(batch, Math.toIntExact(shape.elements())));
  }

  private static boolean fits(long declared, int actual) {
    return declared < 0 || declared == actual;
  }

  private static long[] dimensions(NodeInfo info) {
    return info.getInfo() instanceof TensorInfo tensor ? tensor.getShape() : new long[0];
  }

  private static String output(Map<String, NodeInfo> outputs, int classes) {
    for (Map.Entry<String, NodeInfo> entry : outputs.entrySet()) {
      long[] given = dimensions(entry.getValue());
      if (given.length == 2 && fits(given[1], classes)) {
        return entry.getKey();
      }
    }
    throw new UnreadableModelException(
        "as a teacher it must have an output of batch x " + classes + " classes", null);
  }

  /**
   * Loads a model.
   *
   * @param shape of an example
   * @throws UnreadableModelException if it is no model, or not one for such images and classes
   */
  public static TeacherModel open(byte[] onnx, Shape shape, int classes) {
    OrtEnvironment environment = OnnxRuntime.environment();
    try (OrtSession.SessionOptions options = ModelSession.options()) {
      OrtSession session = environment.createSession(onnx, options);
      try {
        return new TeacherModel(environment, session, shape, classes);
      } catch (OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw unusable(e);
    }
  }

  private static UnreadableModelException unusable(OrtException e) {
    return new UnreadableModelException("ONNX Runtime cannot run it: " + e.getMessage(), e);
  }

  /**
   * Asks about examples as they are.
   *
   * @return probabilities, {@code examples x classes}, row-major
   * @throws UnreadableModelException if it does not give a number a class
   */
  public float[] probabilities(Examples examples) {
    int length = Math.toIntExact(shape.elements());
    float[] rows = new float[Math.multiplyExact(examples.count(), classes)];
    float[] values = new float[batch * length];
    for (int from = 0; from < examples.count(); from += batch) {
      int count = Math.min(batch, examples.count() - from);
      for (int i = 0; i < count; i++) {
        examples.read(from + i, values, i * length);
      }
      run(values, 0, count, rows, from);
    }
    return normalised(rows);
  }

  /**
   * Asks about examples that are at hand.
   *
   * @param values raw, example-major
   * @param count how many there are
   * @return probabilities, {@code count x classes}, row-major
   * @throws UnreadableModelException if it does not give a number a class
   */
  public float[] probabilities(float[] values, int count) {
    float[] rows = new float[Math.multiplyExact(count, classes)];
    for (int from = 0; from < count; from += batch) {
      run(values, from, Math.min(batch, count - from), rows, from);
    }
    return normalised(rows);
  }

  /** Runs one batch; what stands behind its last example is left from earlier ones. */
  private void run(float[] values, int from, int count, float[] rows, int to) {
    int length = Math.toIntExact(shape.elements());
    pixels.clear();
    pixels.put(values, from * length, count * length);
    pixels.clear();
    long[] dimensions = {batch, shape.channels(), shape.height(), shape.width()};
    try (OnnxTensor images = OnnxTensor.createTensor(environment, pixels, dimensions);
        OrtSession.Result result = session.run(Map.of(input, images))) {
      FloatBuffer given = ModelSession.tensor(result, output);
      if (given.remaining() != batch * classes) {
        throw new UnreadableModelException(
            "as a teacher it must give " + classes + " numbers an image", null);
      }
      given.get(rows, to * classes, count * classes);
    } catch (OrtException e) {
      throw unusable(e);
    }
  }

  /** What it gives is told from the first rows, and the same for all that follow. */
  private float[] normalised(float[] rows) {
    Boolean logits = givesLogits;
    if (logits == null) {
      logits = !distributions(rows, classes);
      givesLogits = logits;
    }
    if (logits) {
      softmax(rows, classes);
    }
    return rows;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw unusable(e);
    }
  }

  private static boolean distributions(float[] rows, int classes) {
    for (int from = 0; from < rows.length; from += classes) {
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        if (!(rows[from + c] >= 0)) {
          return false;
        }
        sum += rows[from + c];
      }
      if (Math.abs(sum - 1) > ROUNDING) {
        return false;
      }
    }
    return true;
  }

  private static void softmax(float[] rows, int classes) {
    for (int from = 0; from < rows.length; from += classes) {
      double largest = rows[from];
      for (int c = 1; c < classes; c++) {
        largest = Math.max(largest, rows[from + c]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(rows[from + c] - largest);
      }
      for (int c = 0; c < classes; c++) {
        rows[from + c] = (float) (Math.exp(rows[from + c] - largest) / sum);
      }
    }
  }
}
