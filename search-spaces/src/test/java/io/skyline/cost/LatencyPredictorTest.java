package io.skyline.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Layer;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.cost.Operator.Kind;
import io.skyline.cost.Operator.Work;
import io.skyline.recipe.Precision;
import io.skyline.recipe.Quantization;
import io.skyline.recipe.Recipe;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.Measurement;
import io.skyline.space.Candidate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LatencyPredictorTest {
  private static final LatencyPredictor PREDICTOR =
      new LatencyPredictor(DeviceProfileTest.profile());
  private static final int BLOCK = 16;

  private static Architecture chain(Layer... layers) {
    List<Node> nodes = new ArrayList<>();
    String last = Architecture.INPUT;
    for (Layer layer : layers) {
      nodes.add(new Node("layer" + nodes.size(), layer, List.of(last)));
      last = "layer" + (nodes.size() - 1);
    }
    return new Architecture(new Shape(1, 12, 12), nodes);
  }

  private static Architecture convolved(Layer... middle) {
    List<Layer> layers = new ArrayList<>(List.of(middle));
    layers.add(new GlobalAveragePool());
    layers.add(new Dense(3, true));
    return chain(layers.toArray(Layer[]::new));
  }

  @Test
  void poolingsOfBytesDependOnNoBlock() {
    Architecture net =
        convolved(Convolution.same(16, 3, 1), new Pooling(Pooling.Kind.MAX, 2, 2, 0));
    assertThat(OperatorPlan.of(net, Storage.INT8, 16))
        .isEqualTo(OperatorPlan.of(net, Storage.INT8, 1));
  }

  @Test
  void denseLayersOnBytesOfTakenRangesAreForetoldWithoutConfidence() {
    Architecture net = chain(new GlobalAveragePool(), new Dense(3, true));
    for (Precision precision : List.of(Precision.INT8, Precision.INT8_DYNAMIC)) {
      Recipe recipe = new Recipe(List.of(new Quantization(precision)));
      Candidate candidate = new Candidate(net, recipe, TrainingPlan.standard(1));
      assertThat(PREDICTOR.of(candidate).confident()).isEqualTo(precision == Precision.INT8);
    }
  }

  @Test
  void aNetworkOfNothingTakesWhatARunTakes() {
    double overhead =
        PREDICTOR.microseconds(chain(new GlobalAveragePool(), new Dense(1, true)), Storage.FP32);
    OperatorCosts costs = DeviceProfileTest.costs(Storage.FP32);
    double run = costs.microseconds(new Operator(Kind.RUN, Map.of()));

    assertThat(run).isEqualTo((1000.0 + Kind.RUN.ordinal()) / 1e3);
    // the input, the pool and the layer are calls of their own, and read 144, 144 and 1 values
    int calls = Kind.INPUT.ordinal() + Kind.POOL_GLOBAL.ordinal() + Kind.DENSE.ordinal();
    assertThat(overhead)
        .isCloseTo(run + (3000 + calls + 0.25 * (144 + 144 + 1)) / 1e3, Offset.offset(1e-9));
  }

  @Test
  void foldedAndFusedLayersCostNothing() {
    Convolution plain = new Convolution(16, 3, 1, 1, 1, true);
    Layer relu = new Activation(Function.RELU);

    for (Storage storage : Storage.values()) {
      assertThat(PREDICTOR.microseconds(convolved(plain, new BatchNorm(), relu), storage))
          .isEqualTo(PREDICTOR.microseconds(convolved(plain), storage));
    }
    assertThat(
            PREDICTOR.microseconds(
                convolved(plain, new Activation(Function.HARD_SWISH)), Storage.FP32))
        .isGreaterThan(PREDICTOR.microseconds(convolved(plain), Storage.FP32));
  }

  @Test
  void aNetworkIsTheSumOfItsOperators() {
    Architecture network =
        convolved(Convolution.same(16, 3, 1), Convolution.depthwise(16, 5, 2), new BatchNorm());
    for (Storage storage : Storage.values()) {
      double sum = 0;
      for (Operator operator : OperatorPlan.of(network, storage, BLOCK)) {
        sum += DeviceProfileTest.costs(storage).microseconds(operator);
      }
      assertThat(PREDICTOR.microseconds(network, storage)).isCloseTo(sum, Offset.offset(1e-9));
    }
  }

  @Test
  void blocksOfChannelsDecideWhichCodeRuns() {
    List<Operator> whole =
        plan(convolved(Convolution.same(32, 3, 1), Convolution.depthwise(32, 3, 1)));
    List<Operator> broken =
        plan(convolved(Convolution.same(24, 3, 1), Convolution.depthwise(24, 3, 1)));

    assertThat(whole).extracting(Operator::kind).contains(Kind.DEPTHWISE);
    assertThat(broken).extracting(Operator::kind).contains(Kind.DEPTHWISE_PLAIN);
    // blocks end at the last layer, or already before the convolution that cannot run over them
    assertThat(reordered(whole)).isEqualTo(32);
    assertThat(reordered(broken)).isEqualTo(24 * 12 * 12);
  }

  private static List<Operator> plan(Architecture network) {
    return OperatorPlan.of(network, Storage.FP32, BLOCK);
  }

  private static double reordered(List<Operator> operators) {
    return operators.stream()
        .filter(operator -> operator.kind() == Kind.REORDER)
        .mapToDouble(operator -> operator.work().getOrDefault(Work.READS, 0.0))
        .sum();
  }

  /** Whatever the costs are: no amount of work shrinks when a layer gets wider. */
  @Property(tries = 300)
  void moreChannelsAreNeverFasterWithinAKind(
      @ForAll @IntRange(min = 1, max = 40) int inputs,
      @ForAll @IntRange(min = 1, max = 40) int outputs,
      @ForAll @IntRange(min = 1, max = 24) int more,
      @ForAll @IntRange(min = 0, max = 3) int half,
      @ForAll boolean widerInput,
      @ForAll boolean integers) {
    int kernel = 2 * half + 1;
    Convolution narrow = new Convolution(4 * outputs, kernel, 1, half, 1, true);
    Convolution wide = widerInput ? narrow : narrow.over(4 * (outputs + more), 1);
    Operator before = operator(narrow, 4 * inputs, integers);
    Operator after = operator(wide, 4 * (widerInput ? inputs + more : inputs), integers);

    if (before.kind() == after.kind()) {
      before
          .work()
          .forEach(
              (work, amount) ->
                  assertThat(after.work().getOrDefault(work, 0.0))
                      .as("%s", work)
                      .isGreaterThanOrEqualTo(amount));
    }
  }

  private static Operator operator(Convolution convolution, int channels, boolean integers) {
    Shape in = new Shape(channels, 9, 9);
    Shape out = convolution.output(List.of(in));
    return integers
        ? ConvolutionWork.integers(convolution, in, out)
        : ConvolutionWork.floats(convolution, in, out, BLOCK);
  }

  @Test
  void aCandidateWithExitsIsPredictedWithoutConfidence() {
    List<Node> nodes =
        List.of(
            new Node("pool", new GlobalAveragePool(), List.of(Architecture.INPUT)),
            new Node("early", new Dense(2, true), List.of("pool")),
            new Node("late", new Dense(2, true), List.of("pool")));
    Shape input = new Shape(1, 12, 12);
    Architecture exits = new Architecture(input, nodes, List.of("early"));

    Measurement with = PREDICTOR.of(new Candidate(exits, Recipe.NONE, TrainingPlan.standard(1)));
    Measurement without =
        PREDICTOR.of(
            new Candidate(exits.withExits(List.of()), Recipe.NONE, TrainingPlan.standard(1)));
    assertThat(with.confident()).isFalse();
    assertThat(without.confident()).isTrue();
    assertThat(without.tolerance()).isEqualTo(0.15);
    assertThat(with.value()).isGreaterThan(without.value());
  }

  @Test
  void costsAreFoundFromTimesThoughSomeAreWrong() {
    Map<Kind, Map<Work, Double>> truth = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      if (kind.occursIn(Storage.INT8)) {
        truth.put(kind, Map.of(Work.CALLS, 900.0 + 10 * kind.ordinal(), Work.READS, 0.3));
      }
    }
    OperatorCosts costs = new OperatorCosts(truth);
    SplittableRandom random = new SplittableRandom(5);
    List<CostFit.Measured> measured = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      List<Operator> operators = new ArrayList<>();
      for (Kind kind : truth.keySet()) {
        for (int repeated = random.nextInt(4); repeated > 0; repeated--) {
          operators.add(new Operator(kind, Map.of(Work.READS, random.nextDouble(1e4))));
        }
      }
      operators.add(new Operator(Kind.RUN, Map.of()));
      double wrong = i % 10 == 0 ? 1.8 : 1;
      measured.add(new CostFit.Measured(operators, wrong * costs.microseconds(operators)));
    }
    OperatorCosts found = CostFit.of(measured, Storage.INT8);
    for (CostFit.Measured network : measured.subList(1, 10)) {
      assertThat(found.microseconds(network.operators()) / network.microseconds())
          .isCloseTo(1, Offset.offset(0.01));
    }
    assertThat(found.nanoseconds().keySet()).isEqualTo(truth.keySet());
  }
}
