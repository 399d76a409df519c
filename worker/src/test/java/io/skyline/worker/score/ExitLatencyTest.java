package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Architecture;
import io.skyline.recipe.TrainingPlan;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.compress.Encoded;
import io.skyline.worker.compress.ExitThresholds;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.FashionMini;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.ModelExits;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.ExitNets;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What leaving early saves on fashion-mini at equal accuracy, as one model of {@code If}s and as
 * one model a stage; prints a table. Wants a quiet machine:
 *
 * <pre>./mvnw -pl worker -am test -Pfull -Dtest=ExitLatencyTest
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@Tag("full")
class ExitLatencyTest {
  private static final int EPOCHS = 15;
  private static final int ROUNDS = 150;
  private static final long SLICE = 3_000_000;

  private static Network trained() {
    OneDnnEngine engine = new OneDnnEngine();
    Normalization pixels = new Normalization(List.of(73f), List.of(90f));
    Network fresh = engine.fresh(ExitNets.fashion(), pixels, 7);
    Examples training = FashionMini.read("train");
    return engine.train(fresh, TrainingPlan.standard(EPOCHS), training, 7, TrainingProgress.SILENT);
  }

  private static double accuracy(byte[] onnx, Examples examples) {
    try (ModelSession session = ModelSession.load(onnx)) {
      return Quality.leading(session.predict(examples), examples);
    }
  }

  @Test
  void expectedLatencyIsAQuarterLessAtEqualAccuracy() throws Exception {
    Network folded = BatchNormFolding.fold(trained());
    Examples slice = FashionMini.read("train").spread(1000);
    Map<String, Encoding> encodings = new LinkedHashMap<>();
    encodings.put("fp32", Encoding.FLOAT32);
    encodings.put("fp16", Encoding.FLOAT16);
    encodings.put("int8", ActivationRanges.measure(folded, slice.slice(0, 128)));
    Map<String, Measured> all = new LinkedHashMap<>();
    for (Map.Entry<String, Encoding> each : encodings.entrySet()) {
      Encoded encoded = Encoded.stored(folded, each.getValue());
      Measured measured =
          measured(ExitThresholds.choose(encoded, slice).network(), each.getValue());
      System.out.println(each.getKey() + ": " + measured);
      all.put(each.getKey(), measured);
    }
    Measured fp32 = all.get("fp32");
    assertThat(fp32.points()).isCloseTo(0, within(0.2));
    assertThat(fp32.expected()).isLessThan(0.75 * fp32.whole());
  }

  /**
   * Accuracies on all unseen images, and microseconds.
   *
   * @param points by which accuracy changes
   * @param whole network without exits
   * @param paths to each exit and the end, of the model with {@code If}s
   * @param stages the same with one model a stage
   */
  private record Measured(
      ModelExits exits,
      double accuracy,
      double points,
      double whole,
      double[] paths,
      double[] stages) {
    double expected() {
      return expected(paths);
    }

    private double expected(double[] times) {
      double sum = 0;
      for (int path = 0; path < times.length; path++) {
        sum += exits.share(path) * times[path];
      }
      return sum;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s, accuracy %.2f %% (%+.2f points), whole network %.1f us, If %s expected %.1f (%.0f %%),"
              + " stages %s expected %.1f",
          exits.exits(),
          100 * accuracy,
          points,
          whole,
          Arrays.toString(paths),
          expected(),
          100 * expected() / whole,
          Arrays.toString(stages),
          expected(stages));
    }
  }

  private static Measured measured(Network chosen, Encoding encoding) throws Exception {
    int classes = chosen.architecture().classes();
    Examples validation = FashionMini.read("validation");
    List<float[]> said = ExitOutputs.of(chosen, encoding, validation);
    Network network = chosen.with(chosen.exits().countedOn(said, classes));
    byte[] onnx = OnnxWriter.write(network, encoding);
    byte[] whole =
        OnnxWriter.write(
            new Network(network.architecture(), network.weights(), network.normalization()),
            encoding);
    ModelExits exits = ModelExits.of(onnx);
    Examples unseen = validation.followedBy(FashionMini.read("test"));
    double accuracy = accuracy(onnx, unseen);
    double[][] times = times(onnx, whole, exits, network.architecture());
    return new Measured(
        exits,
        accuracy,
        100 * (accuracy - accuracy(whole, unseen)),
        times[0][0],
        times[1],
        times[2]);
  }

  /** Of the whole network, of each path with Ifs, and of each path in stages; taken in turns. */
  private static double[][] times(
      byte[] onnx, byte[] whole, ModelExits exits, Architecture architecture) throws Exception {
    FloatBuffer image = ModelSession.floats(Math.toIntExact(architecture.input().elements()));
    for (int i = 0; i < image.capacity(); i++) {
      image.put(i, i * 37 % 256);
    }
    List<TimedModel> models = new ArrayList<>(List.of(new TimedModel(whole)));
    for (int path = 0; path < exits.paths(); path++) {
      models.add(new TimedModel(exits.forced(onnx, path)));
    }
    double[][] samples = new double[2 * exits.paths() + 1][ROUNDS];
    try (ExitStages stages = new ExitStages(onnx, architecture, image)) {
      for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < models.size(); i++) {
          TimedModel.Samples slice = new TimedModel.Samples();
          models.get(i).run(SLICE, slice);
          samples[i][round] = slice.lowerQuartile() / 1e3;
        }
        for (int path = 0; path < exits.paths(); path++) {
          samples[models.size() + path][round] = time(stages, path) / 1e3;
        }
      }
    }
    models.forEach(TimedModel::close);
    double[] medians = new double[samples.length];
    for (int i = 0; i < samples.length; i++) {
      Arrays.sort(samples[i]);
      medians[i] = Math.rint(10 * samples[i][ROUNDS / 2]) / 10;
    }
    return new double[][] {
      {medians[0]},
      Arrays.copyOfRange(medians, 1, models.size()),
      Arrays.copyOfRange(medians, models.size(), medians.length)
    };
  }

  private static double time(ExitStages stages, int path) {
    float[] thresholds = new float[path + 1];
    Arrays.fill(thresholds, 0, path, 2f);
    TimedModel.Samples slice = new TimedModel.Samples();
    long end = System.nanoTime() + SLICE;
    long before;
    do {
      before = System.nanoTime();
      stages.run(thresholds);
      slice.add(System.nanoTime() - before);
    } while (before < end);
    return slice.lowerQuartile();
  }
}
