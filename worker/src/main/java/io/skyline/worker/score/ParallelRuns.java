package io.skyline.worker.score;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import io.skyline.architecture.Architecture;
import io.skyline.worker.data.Examples;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A model loaded once for each number of threads, and examples in batches, to be run side by side:
 * the streams of a setting share one session, as a server's threads would.
 *
 * <p>Each run goes on with the batch after the last one's: with exits, what an example takes
 * depends on what it shows.
 */
final class ParallelRuns implements RuntimeRace.Rates, AutoCloseable {
  /** Examples in each kind of batch, unless a batch has more or they are larger than this. */
  private static final int EXAMPLES = 1024;

  private static final long EXAMPLE_BYTES = 16 << 20;

  private static final int PATIENCE_SECONDS = 10;

  private final Map<Integer, ModelSession> sessions = new HashMap<>();
  private final Map<Integer, List<OnnxTensor>> batches = new HashMap<>();
  private final Map<Integer, AtomicInteger> next = new HashMap<>();
  private final ExecutorService streams =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "stream");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * Loads a model.
   *
   * @param settings that will be run
   * @param examples that it takes; those in between are left out if there are many
   * @throws UnreadableModelException if it is no model
   */
  ParallelRuns(byte[] onnx, List<RuntimeSetting> settings, Examples examples) {
    try {
      for (RuntimeSetting setting : settings) {
        sessions.computeIfAbsent(setting.threads(), t -> ModelSession.load(onnx, t));
      }
      int largest = settings.stream().mapToInt(RuntimeSetting::batch).max().orElseThrow();
      FloatBuffer pool = pool(examples, largest);
      int length = Math.toIntExact(examples.shape().elements());
      for (RuntimeSetting setting : settings) {
        if (!batches.containsKey(setting.batch())) {
          ModelSession model = sessions.values().iterator().next();
          batches.put(setting.batch(), split(model, pool, setting.batch(), length));
          next.put(setting.batch(), new AtomicInteger());
        }
      }
    } catch (OrtException e) {
      close();
      throw failed(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private static FloatBuffer pool(Examples examples, int least) {
    int length = Math.toIntExact(examples.shape().elements());
    long fitting = EXAMPLE_BYTES / ((long) length * Float.BYTES);
    int count = (int) Math.max(least, Math.min(EXAMPLES, fitting));
    FloatBuffer pool = ModelSession.floats(Math.multiplyExact(count, length));
    Examples some = examples.spread(count);
    float[] example = new float[length];
    for (int i = 0; i < count; i++) {
      some.read(i % some.count(), example, 0);
      pool.put(example);
    }
    return pool.flip();
  }

  private static List<OnnxTensor> split(ModelSession model, FloatBuffer pool, int batch, int length)
      throws OrtException {
    int floats = batch * length;
    List<OnnxTensor> tensors = new ArrayList<>();
    for (int at = 0; at + floats <= pool.limit(); at += floats) {
      tensors.add(model.tensor(pool.slice(at, floats), batch));
    }
    return tensors;
  }

  @Override
  public double of(RuntimeSetting setting, long nanos) {
    CyclicBarrier together = new CyclicBarrier(setting.streams());
    List<Callable<Double>> running = new ArrayList<>();
    for (int i = 0; i < setting.streams(); i++) {
      running.add(() -> stream(setting, nanos, together));
    }
    double sum = 0;
    try {
      for (Future<Double> rate : streams.invokeAll(running)) {
        sum += rate.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while measuring", e);
    } catch (ExecutionException e) {
      throw failed(e.getCause() == null ? e : e.getCause());
    }
    return sum;
  }

  /**
   * The rate of one stream over its own time, all of which the others run as well, but for what it
   * waited for a core.
   */
  private double stream(RuntimeSetting setting, long nanos, CyclicBarrier together)
      throws OrtException, InterruptedException, BrokenBarrierException, TimeoutException {
    int batch = setting.batch();
    List<OnnxTensor> inputs = Objects.requireNonNull(batches.get(batch));
    AtomicInteger place = Objects.requireNonNull(next.get(batch));
    ModelSession model = Objects.requireNonNull(sessions.get(setting.threads()));
    FloatBuffer answers = ModelSession.floats(batch * model.classes());
    long runs = 0;
    try (OnnxTensor output = model.rows(answers, batch);
        CoreWait wait = CoreWait.ofThisThread()) {
      Map<String, OnnxTensor> outputs = Map.of(model.outputName(), output);
      together.await(PATIENCE_SECONDS, TimeUnit.SECONDS); // one may have failed on its way here
      long start = System.nanoTime();
      long waited = wait.nanos();
      do {
        int at = Math.floorMod(place.getAndIncrement(), inputs.size());
        run(model, inputs.get(at), outputs);
        runs++;
      } while (System.nanoTime() - start < nanos);
      waited = wait.nanos() - waited;
      // what was waited lies within this time, so that some of it is left
      return runs * batch * 1e9 / (System.nanoTime() - start - waited);
    }
  }

  private static void run(ModelSession model, OnnxTensor input, Map<String, OnnxTensor> outputs)
      throws OrtException {
    model.session().run(Map.of(Architecture.INPUT, input), Set.of(), outputs).close();
  }

  /** What the model answers to a batch, {@code batch x classes}, row-major. */
  float[] answers(RuntimeSetting setting, int at) {
    ModelSession model = Objects.requireNonNull(sessions.get(setting.threads()));
    FloatBuffer answers = ModelSession.floats(setting.batch() * model.classes());
    try (OnnxTensor output = model.rows(answers, setting.batch())) {
      OnnxTensor input = Objects.requireNonNull(batches.get(setting.batch())).get(at);
      run(model, input, Map.of(model.outputName(), output));
    } catch (OrtException e) {
      throw failed(e);
    }
    float[] values = new float[answers.capacity()];
    answers.get(values);
    return values;
  }

  private static IllegalStateException failed(Throwable e) {
    return new IllegalStateException("ONNX Runtime failed: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    streams.shutdown();
    batches.values().forEach(tensors -> tensors.forEach(OnnxTensor::close));
    sessions.values().forEach(ModelSession::close);
  }
}
