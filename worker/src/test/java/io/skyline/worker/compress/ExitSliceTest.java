package io.skyline.worker.compress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.FashionMini;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.network.ExitNets;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ExitOutputs;
import io.skyline.worker.score.Quality;
import io.skyline.worker.train.OneDnnEngine;
import io.skyline.worker.train.TrainingProgress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * On which examples thresholds may be chosen, and by what: prints what they cost on unseen ones.
 *
 * <pre>./mvnw -pl worker -am test -Pfull -Dtest=ExitSliceTest
 *     -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
@Tag("full")
class ExitSliceTest {
  private static final int CLASSES = 10;
  private static final int SLICE = 1000;
  private static final int REPETITIONS = 12;
  private static final double POINTS = 0.002;
  private static final OneDnnEngine ENGINE = new OneDnnEngine();

  private static List<float[]> select(List<float[]> said, int[] examples) {
    List<float[]> selected = new ArrayList<>();
    for (float[] rows : said) {
      float[] some = new float[examples.length * CLASSES];
      for (int i = 0; i < examples.length; i++) {
        System.arraycopy(rows, examples[i] * CLASSES, some, i * CLASSES, CLASSES);
      }
      selected.add(some);
    }
    return selected;
  }

  private static double accuracy(ExitPolicy policy, List<float[]> said, Examples examples) {
    return Quality.leading(policy.answers(said, CLASSES), examples);
  }

  /** The lowest threshold at which, as at every higher one, the slice loses no more accuracy. */
  private static ExitPolicy byAccuracy(List<float[]> said, Examples slice) {
    ExitPolicy chosen = ExitPolicy.closed(2);
    double whole = accuracy(chosen, said, slice);
    for (int step = 1; step <= 250; step++) {
      ExitPolicy lower = ExitPolicy.of(Collections.nCopies(2, 1 - 0.002f * step));
      if (accuracy(lower, said, slice) < whole - POINTS - 1e-9) {
        break;
      }
      chosen = lower;
    }
    return chosen;
  }

  /** Thresholds, and the points of accuracy that they change, over some slices. */
  private record Spread(List<Float> thresholds, List<Double> points, List<Double> shares) {
    Spread() {
      this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    void add(ExitPolicy policy, List<float[]> said, Examples others) {
      double whole = accuracy(ExitPolicy.closed(2), said, others);
      thresholds.add(policy.thresholds().get(0));
      points.add(100 * (accuracy(policy, said, others) - whole));
      shares.add(policy.countedOn(said, CLASSES).shares().stream().mapToDouble(s -> s).sum());
    }

    double threshold() {
      return mean(thresholds.stream().map(Float::doubleValue).toList());
    }

    static double mean(List<Double> values) {
      return values.stream().mapToDouble(v -> v).average().orElse(0);
    }

    double deviation() {
      double mean = mean(points);
      return Math.sqrt(mean(points.stream().map(p -> (p - mean) * (p - mean)).toList()));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "threshold %.3f, %+.2f points (deviation %.2f, worst %+.2f), %.0f %% leave early",
          threshold(),
          mean(points),
          deviation(),
          points.stream().mapToDouble(p -> p).min().orElse(0),
          100 * mean(shares));
    }
  }

  private static int[] shuffled(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = IntStream.range(0, count).toArray();
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  @ParameterizedTest
  @CsvSource({"3, true", "15, true", "60, true", "30, false"})
  void thresholdsFromWhatWasTrainedOnKeepTheAccuracyOfThoseFromWhatWasNot(
      int epochs, boolean augmented) {
    Examples training = FashionMini.read("train");
    Augmentation changes = augmented ? new Augmentation(true, 1) : Augmentation.NONE;
    TrainingPlan plan = new TrainingPlan(epochs, 64, Optimizer.ADAM, 1e-2, 0.1, 1e-4, 0.0, changes);
    Network fresh = ENGINE.fresh(ExitNets.fashion(), FashionSlice.NORMALIZATION, 7);
    Network network =
        BatchNormFolding.fold(ENGINE.train(fresh, plan, training, 7, TrainingProgress.SILENT));

    Examples unseen = FashionMini.read("validation").followedBy(FashionMini.read("test"));
    List<float[]> said = ExitOutputs.of(network, Encoding.FLOAT32, unseen);
    Spread byAnswers = new Spread();
    Spread byAccuracy = new Spread();
    for (int i = 0; i < REPETITIONS; i++) {
      int[] order = shuffled(unseen.count(), i);
      int[] slice = Arrays.copyOf(order, SLICE);
      int[] rest = Arrays.copyOfRange(order, SLICE, order.length);
      List<float[]> sliced = select(said, slice);
      List<float[]> others = select(said, rest);
      byAnswers.add(ExitThresholds.policy(sliced, CLASSES), others, unseen.select(rest));
      byAccuracy.add(byAccuracy(sliced, unseen.select(slice)), others, unseen.select(rest));
    }
    Spread trainedOn = new Spread();
    Examples seen = training.spread(SLICE);
    List<float[]> ofSeen = ExitOutputs.of(network, Encoding.FLOAT32, seen);
    trainedOn.add(ExitThresholds.policy(ofSeen, CLASSES), said, unseen);
    System.out.printf(
        Locale.ROOT,
        "%d epochs, augmented %s, accuracy %.2f %% of what was trained on, %.2f %% unseen%n"
            + "  by answers, unseen slices: %s%n  by answers, trained on:     %s%n"
            + "  by accuracy, unseen slices: %s%n",
        epochs,
        augmented,
        100 * accuracy(ExitPolicy.closed(2), ofSeen, seen),
        100 * accuracy(ExitPolicy.closed(2), said, unseen),
        byAnswers,
        trainedOn,
        byAccuracy);
    double costOfSeen = Spread.mean(trainedOn.points()) - Spread.mean(byAnswers.points());
    assertThat(costOfSeen).isCloseTo(0, within(0.25));
    assertThat(Spread.mean(trainedOn.points())).isGreaterThan(-0.5);
    assertThat(byAnswers.deviation()).isLessThan(byAccuracy.deviation());
  }
}
