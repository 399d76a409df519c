package io.skyline.worker.inherit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Catalog;
import io.skyline.space.Genome;
import io.skyline.space.InputKind;
import io.skyline.space.SearchSpace;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import io.skyline.worker.train.OneDnnEngine;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Children against their parents, in every space of the catalog. */
class InheritanceTest {
  private static final OneDnnEngine ENGINE = new OneDnnEngine();
  private static final int CHILDREN = 40;

  /** Spaces whose decisions are mostly widths, depths and windows. */
  private static final Set<String> WIDE = Set.of("mobile", "signal", "squeeze", "mlp");

  private static DataCard data(CandidateSpace space) {
    boolean signals = space.input().equals(Optional.of(InputKind.SIGNAL));
    Shape shape = signals ? new Shape(1, 1, 256) : new Shape(1, 28, 28);
    DataCard.Split split = new DataCard.Split("0".repeat(64), 1, 1);
    return new DataCard(
        "data",
        shape,
        List.of("a", "b", "c", "d"),
        Collections.nCopies(shape.channels(), 0f),
        Collections.nCopies(shape.channels(), 1f),
        split,
        split,
        split);
  }

  private static Optional<Architecture> built(CandidateSpace space, Genome genome) {
    try {
      return Optional.of(
          space.decode(genome, data(space), TrainingPlan.standard(1)).architecture());
    } catch (InvalidArchitectureException e) {
      return Optional.empty();
    }
  }

  private static float[] answers(Network network) {
    Shape shape = network.architecture().input();
    Examples examples = SampleNetworks.images(shape, 6, network.architecture().classes(), 5);
    return ENGINE.predict(network, examples);
  }

  static Stream<String> spaces() {
    return Catalog.names().stream();
  }

  /** Whatever a mutation does: what is said to compute the same does so. */
  @ParameterizedTest
  @MethodSource("spaces")
  void computesWhatItsParentDoesWhereItSaysSo(String name) {
    CandidateSpace space = Catalog.space(name);
    SearchSpace decisions = space.decisions();
    SplittableRandom random = new SplittableRandom(name.hashCode());
    int inheriting = 0;
    int different = 0;
    for (int i = 0; i < CHILDREN; i++) {
      Genome genome = decisions.sample(random);
      Genome mutant = decisions.mutate(genome, random);
      Optional<Architecture> parent = built(space, genome);
      Optional<Architecture> child = built(space, mutant);
      if (parent.isEmpty() || child.isEmpty()) {
        continue;
      }
      Network trained = SampleNetworks.drawn(parent.get(), i);
      Network fresh = ENGINE.fresh(child.get(), trained.normalization(), 77 + i);
      Inheritance.Start start = Inheritance.of(trained, fresh, i);
      inheriting += start.inherited() > 0 ? 1 : 0;
      if (start.preserving()) {
        float[] theirs = answers(trained);
        float[] ours = answers(start.network());
        for (int k = 0; k < theirs.length; k++) {
          assertThat(ours[k])
              .as("%s%n-> %s, answer %d", genome, mutant, k)
              .isCloseTo(theirs[k], within(2e-4f));
        }
        if (!parent.get().equals(child.get())) {
          different++;
        }
      }
      assertThat(Inheritance.of(trained, fresh, i).network().weights().tensors().keySet())
          .isEqualTo(fresh.weights().tensors().keySet());
    }
    assertThat(inheriting).as("children that inherit something").isPositive();
    if (WIDE.contains(name)) {
      assertThat(different).as("changed networks that compute the same").isGreaterThan(4);
    }
  }

  private static final String SMALL =
      "stem.width=8 stem.kernel=3 stage1.depth=1 stage1.block=BLOCK stage1.kernel=3"
          + " stage1.width=16EXPANSION stage1.downsample=stride stage2.depth=1 stage2.block=conv"
          + " stage2.kernel=3 stage2.width=16 stage2.downsample=max stage3.depth=0"
          + " head.kind=pooled head.hidden=0 recipe.weights=fp32 recipe.pruning=0";

  private static void assertPreserves(String from, String to) {
    CandidateSpace space = Catalog.space("mobile");
    Architecture parent = built(space, space.decisions().parse(from)).orElseThrow();
    Architecture child = built(space, space.decisions().parse(to)).orElseThrow();
    Network trained = SampleNetworks.drawn(parent, 3);
    Inheritance.Start start =
        Inheritance.of(trained, ENGINE.fresh(child, trained.normalization(), 9), 4);
    assertThat(start.preserving()).as(to).isTrue();
    assertThat(start.network().architecture()).isEqualTo(child).isNotEqualTo(parent);
    float[] theirs = answers(trained);
    float[] ours = answers(start.network());
    for (int k = 0; k < theirs.length; k++) {
      assertThat(ours[k]).isCloseTo(theirs[k], within(1e-4f));
    }
  }

  @Test
  void widerDeeperAndLargerWindowsPreserveTheFunction() {
    String conv = SMALL.replace("BLOCK", "conv").replace("EXPANSION", "");
    String inverted =
        SMALL.replace("BLOCK", "inverted").replace("EXPANSION", " stage1.expansion=2");
    assertPreserves(conv, conv.replace("stage1.width=16", "stage1.width=24"));
    assertPreserves(conv, conv.replace("stem.width=8", "stem.width=16"));
    assertPreserves(conv, conv.replace("stage1.kernel=3", "stage1.kernel=5"));
    assertPreserves(conv, conv.replace("stage2.width=16", "stage2.width=48"));
    assertPreserves(conv, conv.replace("stage1.depth=1", "stage1.depth=2"));
    assertPreserves(conv, conv.replace("stage2.depth=1", "stage2.depth=2"));
    assertPreserves(inverted, inverted.replace("stage1.expansion=2", "stage1.expansion=3"));
    assertPreserves(inverted, inverted.replace("stage1.kernel=3", "stage1.kernel=5"));
    assertPreserves(inverted, inverted.replace("stage1.width=16", "stage1.width=32"));
  }

  @Test
  void fewerChannelsKeepWhatFitsAndSaySo() {
    String conv = SMALL.replace("BLOCK", "conv").replace("EXPANSION", "");
    CandidateSpace space = Catalog.space("mobile");
    Architecture parent = built(space, space.decisions().parse(conv)).orElseThrow();
    Architecture child =
        built(space, space.decisions().parse(conv.replace("stage1.width=16", "stage1.width=8")))
            .orElseThrow();
    Network trained = SampleNetworks.drawn(parent, 3);
    Network fresh = ENGINE.fresh(child, trained.normalization(), 9);
    Inheritance.Start start = Inheritance.of(trained, fresh, 4);
    assertThat(start.preserving()).isFalse();
    assertThat(start.inherited()).isEqualTo(fresh.weights().tensors().size());
    String first = fresh.weights().tensors().keySet().iterator().next();
    assertThat(start.network().weights().tensors().get(first))
        .isEqualTo(trained.weights().tensors().get(first));
  }

  /** Shares that were equal would learn the same for ever. */
  @Test
  void repeatedChannelsAreReadUnequally() {
    float[] kernel =
        Kernels.copy(
            new float[] {1, 2},
            new Kernels.Form(1, 2, 1, 1),
            new float[4],
            new Kernels.Form(1, 4, 1, 1),
            new int[] {0},
            new int[] {0, 1, 0, 0},
            11);
    assertThat(kernel[0] + kernel[2] + kernel[3]).isCloseTo(1, within(1e-6f));
    assertThat(kernel[1]).isEqualTo(2);
    assertThat(kernel[0]).isNotEqualTo(kernel[2]).isNotEqualTo(kernel[3]).isPositive();
  }

  @Test
  void theMomentsOfARectifiedNormalVariableAreRight() {
    SplittableRandom random = new SplittableRandom(1);
    for (double[] normal : new double[][] {{0, 1}, {.7, .5}, {-1, 2}}) {
      double sum = 0;
      double squares = 0;
      int count = 400_000;
      for (int i = 0; i < count; i++) {
        double x = Activation.Function.RELU.of(normal[0] + normal[1] * random.nextGaussian());
        sum += x;
        squares += x * x;
      }
      Signals.Moments moments = Signals.rectified(normal[0], normal[1]);
      double mean = sum / count;
      assertThat(moments.mean()).isCloseTo(mean, within(.01));
      assertThat(moments.variance()).isCloseTo(squares / count - mean * mean, within(.02));
    }
  }
}
