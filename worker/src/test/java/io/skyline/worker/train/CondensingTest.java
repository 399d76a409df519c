package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.LearnedGroupConvolution;
import io.skyline.architecture.Shape;
import io.skyline.architecture.Shuffle;
import io.skyline.recipe.EarlyStopping;
import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Batches;
import io.skyline.worker.data.Examples;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Learned group convolutions in training: when they drop which inputs, and that these stay out. */
class CondensingTest {
  private static final Shape IMAGE = new Shape(1, 12, 12);
  private static final Engine ENGINE = new OneDnnEngine();
  private static final Examples EXAMPLES = SmallProblem.stripes(64, 2);
  private static final int INPUTS = 24;
  private static final int GROUPS = 4;
  private static final int CONDENSATION = 4;

  /** Learned groups behind a shuffle, whose channels the engine reads in an order of its own. */
  private static Network fresh() {
    Architecture architecture =
        Nets.chain(
            IMAGE,
            Convolution.same(INPUTS, 3, 2),
            new BatchNorm(),
            new Activation(Function.RELU),
            new Shuffle(3),
            new LearnedGroupConvolution(20, GROUPS, CONDENSATION),
            new BatchNorm(),
            new Activation(Function.RELU),
            new GlobalAveragePool(),
            new Dense(3, true));
    return ENGINE.fresh(architecture, Nets.normalization(IMAGE), 1);
  }

  private static TrainingPlan plan(int epochs, Optimizer optimizer, Regularization regularization) {
    return new TrainingPlan(
        epochs,
        16,
        optimizer,
        new Schedule(Schedule.Shape.COSINE, 0.01, 0),
        regularization,
        Augmentation.NONE);
  }

  /** For each group the inputs that it reads with anything but zeros. */
  private static List<List<Integer>> read(Weights weights) {
    float[] kernel = weights.tensors().get("l4.kernel");
    int filters = kernel.length / INPUTS / GROUPS;
    List<List<Integer>> read = new ArrayList<>();
    for (int g = 0; g < GROUPS; g++) {
      int first = g * filters * INPUTS;
      read.add(
          IntStream.range(0, INPUTS)
              .filter(
                  input ->
                      IntStream.range(0, filters)
                          .anyMatch(f -> kernel[first + f * INPUTS + input] != 0))
              .boxed()
              .toList());
    }
    return read;
  }

  private static List<Integer> counts(Weights weights) {
    return read(weights).stream().map(List::size).toList();
  }

  private static Network train(TrainingPlan plan, Examples examples) {
    return ENGINE.train(fresh(), plan, examples, 7, TrainingProgress.SILENT);
  }

  @ParameterizedTest
  @CsvSource({
    // a stage each at 1/6, 2/6 and 3/6 of 600 steps
    "4, 99, 600, 0",
    "4, 100, 600, 1",
    "4, 199, 600, 1",
    "4, 200, 600, 2",
    "4, 300, 600, 3",
    "2, 299, 600, 0",
    "2, 300, 600, 1",
    "8, 42, 600, 1",
    "8, 300, 600, 7",
    // too short for the stages: the last one never comes after the last step
    "8, 0, 1, 7",
    "8, 0, 2, 6",
    "8, 1, 2, 7",
    "2, 0, 3, 0",
    "2, 1, 3, 1"
  })
  void stagesStandAtEqualDistancesInTheFirstHalf(int condensation, long step, long steps, int due) {
    assertThat(LearnedGroups.due(condensation, step, steps)).isEqualTo(due);
  }

  /** Every step of a training, with what was read before it and the weights after. */
  private interface Look {
    void at(int step, Weights before, Weights after);
  }

  private static void follow(TrainingPlan plan, Look look) {
    Network start = fresh();
    Batches batches =
        new Batches(EXAMPLES, start.normalization(), plan.augmentation(), plan.batch(), 7);
    TrainingSet set = TrainingSet.of(EXAMPLES);
    try (Graph graph = new Graph(start, plan.batch(), true, 7)) {
      BatchLoss loss = BatchLoss.of(plan, set, start, plan.batch());
      Trainer trainer = new Trainer(graph, WeightRule.FREE, plan, loss, batches.perEpoch());
      var into = batches.empty();
      for (int step = 0; step < plan.epochs() * batches.perEpoch(); step++) {
        if (step % batches.perEpoch() == 0) {
          batches.shuffle(step / batches.perEpoch());
        }
        batches.fill(step % batches.perEpoch(), into);
        Weights before = graph.weights();
        trainer.step(into);
        look.at(step, before, graph.weights());
        assertThat(trainer.isCondensed()).isEqualTo(step >= 6);
      }
    }
  }

  @Test
  void eachStageDropsTheWeakestQuarterOfEveryGroupForGood() {
    List<List<Integer>> counts = new ArrayList<>();
    // 12 steps: stages before the steps 2, 4 and 6
    follow(
        plan(3, Optimizer.ADAM, new Regularization(1e-4, 0)),
        (step, before, after) -> {
          counts.add(counts(after));
          assertThat(read(after)).allSatisfy(group -> assertThat(group).isSorted());
          if (step == 2 || step == 4 || step == 6) {
            assertThat(read(after)).isEqualTo(strongest(before, INPUTS - 3 * step));
          } else {
            assertThat(read(after)).isEqualTo(read(before));
          }
        });
    for (int step = 0; step < 12; step++) {
      int left = INPUTS - 3 * Math.min(6, step / 2 * 2);
      assertThat(counts.get(step)).as("step %d", step).containsOnly(left);
    }
  }

  private static List<List<Integer>> strongest(Weights weights, int kept) {
    float[] kernel = weights.tensors().get("l4.kernel");
    int filters = kernel.length / INPUTS / GROUPS;
    List<List<Integer>> strongest = new ArrayList<>();
    for (int g = 0; g < GROUPS; g++) {
      double[] norms = new double[INPUTS];
      for (int f = g * filters; f < (g + 1) * filters; f++) {
        for (int input = 0; input < INPUTS; input++) {
          norms[input] += Math.abs((double) kernel[f * INPUTS + input]);
        }
      }
      strongest.add(
          IntStream.range(0, INPUTS)
              .boxed()
              .sorted(Comparator.comparingDouble((Integer input) -> -norms[input]))
              .limit(kept)
              .sorted()
              .toList());
    }
    return strongest;
  }

  @ParameterizedTest
  @EnumSource(Optimizer.class)
  void whateverElseTheTrainingDoesAQuarterIsLeft(Optimizer optimizer) {
    Regularization everything = new Regularization(0.01, 0.1, 0.5, 0.99, 1e-3);
    for (int epochs : new int[] {1, 2, 5}) {
      assertThat(counts(train(plan(epochs, optimizer, everything), EXAMPLES).weights()))
          .as("%d epochs", epochs)
          .containsOnly(INPUTS / CONDENSATION);
    }
  }

  @Test
  void aTrainingOfOneStepCondensesBeforeIt() {
    TrainingPlan plan = plan(1, Optimizer.ADAM, new Regularization(0, 0));
    Network trained = train(plan, SmallProblem.stripes(5, 3));
    assertThat(read(trained.weights()))
        .isEqualTo(strongest(fresh().weights(), INPUTS / CONDENSATION));
  }

  @Test
  void anEarlyEndWaitsForTheLastStageAndKeepsNoWeightsFromBeforeIt() {
    // a rate at which nothing gets better: without condensing, the first epoch would be the best
    TrainingPlan still =
        new TrainingPlan(
                10,
                16,
                Optimizer.SGD,
                new Schedule(Schedule.Shape.COSINE, 1e-12, 0),
                new Regularization(0, 0),
                Augmentation.NONE)
            .with(new EarlyStopping(0.25, 2));
    Network start =
        ENGINE.fresh(
            Nets.chain(
                IMAGE,
                Convolution.same(INPUTS, 3, 2),
                new Activation(Function.RELU),
                new Shuffle(3),
                new Activation(Function.RELU),
                new LearnedGroupConvolution(20, GROUPS, CONDENSATION),
                new GlobalAveragePool(),
                new Dense(3, true)),
            Nets.normalization(IMAGE),
            1);
    Set<Integer> epochs = new HashSet<>();
    Network trained =
        ENGINE.train(
            start,
            still,
            EXAMPLES,
            7,
            (epoch, of, batch, batches, loss) -> {
              epochs.add(epoch);
              return true;
            });
    assertThat(counts(trained.weights())).containsOnly(INPUTS / CONDENSATION);
    // condensed in the sixth epoch, which is judged first; two more get no better
    assertThat(epochs).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void learningGroupsRepeatsBitForBit() {
    TrainingPlan plan = plan(3, Optimizer.ADAM, new Regularization(1e-4, 0, 0, 0, 1e-4));
    Map<String, float[]> one = train(plan, EXAMPLES).weights().tensors();
    Map<String, float[]> two = train(plan, EXAMPLES).weights().tensors();
    one.forEach((key, values) -> assertThat(two.get(key)).as(key).isEqualTo(values));
  }

  @Test
  void thePenaltyPullsEachColumnTowardsZeroByItsStrength() {
    Network network = fresh();
    try (Graph graph = new Graph(network, 4, true)) {
      Parameters parameters = graph.parameters();
      Condensing condensing = new Condensing(graph.architecture(), parameters, 10, 0.25);
      float[] weights = new float[parameters.length()];
      float[] gradients = new float[parameters.length()];
      parameters.flat().readValues(weights);
      condensing.adjust(weights, gradients);
      // as many unit vectors as there are columns, each times the strength
      double squares = 0;
      double along = 0;
      for (int i = 0; i < gradients.length; i++) {
        squares += (double) gradients[i] * gradients[i];
        along += (double) gradients[i] * weights[i];
      }
      assertThat(squares).isCloseTo(GROUPS * INPUTS * 0.25 * 0.25, within(1e-4));
      assertThat(along).isCloseTo(0.25 * lasso(network.weights()), within(1e-4));
    }
  }

  /** The sum of the Euclidean norms of all columns. */
  private static double lasso(Weights weights) {
    float[] kernel = weights.tensors().get("l4.kernel");
    double[] squares = new double[GROUPS * INPUTS];
    int filters = kernel.length / INPUTS / GROUPS;
    for (int i = 0; i < kernel.length; i++) {
      squares[i / INPUTS / filters * INPUTS + i % INPUTS] += (double) kernel[i] * kernel[i];
    }
    return Arrays.stream(squares).map(Math::sqrt).sum();
  }
}
