package io.skyline.worker.network;

import io.skyline.architecture.Activation;
import io.skyline.architecture.Activation.Function;
import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.Flatten;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.DataCard;
import io.skyline.scorecard.DataCard.Split;
import io.skyline.space.CandidateSpace;
import io.skyline.space.Genome;
import io.skyline.space.SpaceReader;
import io.skyline.space.block.Draft;
import java.util.Collections;
import java.util.List;

/** Small networks with exits for tests. */
public final class ExitNets {
  public static final String FIRST = "first_exit";
  public static final String SECOND = "second_exit";

  private static final Activation RELU = new Activation(Function.RELU);

  private ExitNets() {}

  /**
   * Two exits of different kinds, the first in the middle of a residual block, so that a value from
   * before it is read on both sides of it; the second one's scores are normalized.
   */
  public static Architecture residual(int classes) {
    Draft draft = new Draft(new Shape(1, 12, 12));
    String trunk = draft.activated("stem", Convolution.same(8, 3, 1), RELU);
    String branch = draft.activated("branch", Convolution.same(8, 3, 1), RELU);
    draft.add("first_pool", new Pooling(Pooling.Kind.AVERAGE, 3, 3, 0));
    draft.add("first_flat", new Flatten());
    draft.exit(FIRST, new Dense(classes, true));
    draft.from(branch);
    draft.normalized("more", Convolution.same(8, 3, 1));
    draft.add("sum", new Add(), List.of(trunk, draft.last()));
    draft.add("sum_act", RELU);
    String second = draft.add("down", new Pooling(Pooling.Kind.MAX, 2, 2, 0));
    draft.add("second_pool", new GlobalAveragePool());
    draft.add("second_scores", new Dense(classes, false));
    draft.exit(SECOND, new BatchNorm());
    draft.from(second);
    draft.activated("deep", Convolution.same(16, 3, 1), RELU);
    draft.add("head", new GlobalAveragePool());
    draft.add("scores", new Dense(classes, true));
    return draft.architecture();
  }

  /** Three stages for images of 28 x 28 in 10 classes, with an exit behind two of them. */
  public static Architecture fashion() {
    Split none = new Split("0".repeat(64), 1, 1);
    DataCard card =
        new DataCard(
            "fashion-mini",
            new Shape(1, 28, 28),
            Collections.nCopies(10, "class"),
            List.of(73f),
            List.of(90f),
            none,
            none,
            none);
    CandidateSpace space =
        SpaceReader.read(
            """
            stem: {width: 16}
            stages:
              - {downsample: max, width: 32, exit: yes}
              - {downsample: max, depth: 2, width: 48, exit: yes}
              - {downsample: max, depth: 2, width: 96}
            recipe: {weights: [fp32, int8]}
            """,
            "three stages");
    Genome first = space.decisions().genome(0);
    return space.decode(first, card, TrainingPlan.standard(1)).architecture();
  }

  /** The network with one threshold for all its exits. */
  public static Network leavingAt(Network network, float threshold) {
    int exits = network.architecture().exits().size();
    return network.with(ExitPolicy.of(Collections.nCopies(exits, threshold)));
  }
}
