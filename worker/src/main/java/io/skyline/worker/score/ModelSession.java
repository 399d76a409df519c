package io.skyline.worker.score;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.OnnxWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An exported model loaded in ONNX Runtime: one thread, sequential, every graph optimization.
 *
 * <p>Not for use by several threads at once.
 */
public final class ModelSession implements AutoCloseable {
  /** Few enough that activations stay in the cache: 15 % faster than 64 on small networks. */
  private static final int BATCH = 16;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Shape input;
  private final boolean regression;
  private final int classes;
  private final FloatBuffer pixels;

  private ModelSession(OrtEnvironment environment, OrtSession session) throws OrtException {
    this.environment = environment;
    this.session = session;
    long[] in = shape(session.getInputInfo(), Architecture.INPUT, 4);
    this.regression = session.getOutputNames().contains(OnnxWriter.PREDICTION);
    long[] out = shape(session.getOutputInfo(), outputName(), 2);
    this.input = new Shape(Math.toIntExact(in[1]), Math.toIntExact(in[2]), Math.toIntExact(in[3]));
    this.classes = Math.toIntExact(out[1]);
    this.pixels = floats(Math.multiplyExact(BATCH, Math.toIntExact(input.elements())));
  }

  /**
   * Loads a model.
   *
   * @throws UnreadableModelException if it is no model, or not one that {@link OnnxWriter} wrote
   */
  public static ModelSession load(byte[] onnx) {
    return load(onnx, Map.of());
  }

  /** Loads a model with further entries of the runtime's session configuration. */
  static ModelSession load(byte[] onnx, Map<String, String> entries) {
    return load(onnx, 1, entries);
  }

  /**
   * Loads a model.
   *
   * @param threads that share the work of one run, its caller's among them
   */
  static ModelSession load(byte[] onnx, int threads) {
    return load(onnx, threads, Map.of());
  }

  private static ModelSession load(byte[] onnx, int threads, Map<String, String> entries) {
    OrtEnvironment environment = OnnxRuntime.environment();
    try (OrtSession.SessionOptions options = options()) {
      options.setIntraOpNumThreads(threads);
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        options.addConfigEntry(entry.getKey(), entry.getValue());
      }
      OrtSession session = environment.createSession(onnx, options);
      try {
        return new ModelSession(environment, session);
      } catch (OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new UnreadableModelException("ONNX Runtime cannot load it: " + e.getMessage(), e);
    }
  }

  static OrtSession.SessionOptions options() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    options.setMemoryPatternOptimization(false);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    return options;
  }

  private static long[] shape(Map<String, NodeInfo> infos, String name, int rank) {
    NodeInfo info = infos.get(name);
    if (info != null
        && info.getInfo() instanceof TensorInfo tensor
        && tensor.getShape().length == rank
        && fixedBesidesBatch(tensor.getShape())) {
      return tensor.getShape();
    }
    throw new UnreadableModelException(
        "it has no tensor '" + name + "' of rank " + rank + " with only the batch left open", null);
  }

  private static boolean fixedBesidesBatch(long[] shape) {
    for (int i = 1; i < shape.length; i++) {
      if (shape[i] < 1) {
        return false;
      }
    }
    return true;
  }

  /** The shape of one example. */
  public Shape input() {
    return input;
  }

  /** Whether it predicts a number. */
  public boolean isRegression() {
    return regression;
  }

  /** The name of the output with the probabilities or the prediction. */
  String outputName() {
    return regression ? OnnxWriter.PREDICTION : OnnxWriter.PROBABILITIES;
  }

  /** Number of classes; 1 if it predicts a number. */
  public int classes() {
    return classes;
  }

  /** The names of all outputs. */
  public Set<String> outputs() {
    return session.getOutputNames();
  }

  /**
   * Runs the model.
   *
   * @return class probabilities, {@code examples x classes}, row-major; or a number for each
   *     example
   * @throws IllegalArgumentException if the examples have another shape than the model's input
   */
  public float[] predict(Examples examples) {
    return predict(examples, List.of(outputName())).get(0);
  }

  /**
   * Runs a model with several outputs, each examples x classes.
   *
   * @param outputs their names
   * @return what each gives, {@code examples x classes}, row-major
   */
  public List<float[]> predict(Examples examples, List<String> outputs) {
    int length = Math.multiplyExact(examples.count(), classes);
    List<float[]> rows = outputs.stream().map(output -> new float[length]).toList();
    forEachBatch(
        examples,
        (from, result) -> {
          for (int i = 0; i < rows.size(); i++) {
            FloatBuffer batch = tensor(result, outputs.get(i));
            batch.get(rows.get(i), from * classes, batch.remaining());
          }
        });
    return rows;
  }

  /** What to do with the outputs of the batch that begins with example {@code from}. */
  @FunctionalInterface
  interface BatchConsumer {
    void accept(int from, OrtSession.Result outputs);
  }

  /** Runs the model batch by batch; the outputs are released after each. */
  void forEachBatch(Examples examples, BatchConsumer consumer) {
    if (!examples.shape().equals(input)) {
      throw new IllegalArgumentException(
          "the model takes " + input + " images, not " + examples.shape());
    }
    float[] example = new float[Math.toIntExact(input.elements())];
    for (int from = 0; from < examples.count(); from += BATCH) {
      int count = Math.min(BATCH, examples.count() - from);
      pixels.clear();
      for (int i = from; i < from + count; i++) {
        examples.read(i, example, 0);
        pixels.put(example);
      }
      pixels.flip();
      try (OnnxTensor tensor = tensor(pixels, count);
          OrtSession.Result outputs = session.run(Map.of(Architecture.INPUT, tensor))) {
        consumer.accept(from, outputs);
      } catch (OrtException e) {
        throw new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
      }
    }
  }

  /** One output as floats. */
  static FloatBuffer tensor(OrtSession.Result outputs, String name) {
    if (outputs.get(name).orElse(null) instanceof OnnxTensor tensor) {
      return tensor.getFloatBuffer();
    }
    throw new IllegalStateException("the model gave no tensor '" + name + "'");
  }

  /** Wraps {@code count} raw examples without copying them. */
  OnnxTensor tensor(FloatBuffer examples, int count) throws OrtException {
    long[] shape = {count, input.channels(), input.height(), input.width()};
    return OnnxTensor.createTensor(environment, examples, shape);
  }

  /** Wraps the outputs of {@code count} examples. */
  OnnxTensor rows(FloatBuffer outputs, int count) throws OrtException {
    return OnnxTensor.createTensor(environment, outputs, new long[] {count, classes});
  }

  /** The runtime's own session, for measuring. */
  OrtSession session() {
    return session;
  }

  static FloatBuffer floats(int count) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime failed to close: " + e.getMessage(), e);
    }
  }
}
