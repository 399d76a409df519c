package io.skyline.worker.compress;

import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.recipe.Tutoring;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.network.Network;
import java.util.ArrayList;
import java.util.List;

/**
 * A recipe done: what there was before the first step, and what each step left.
 *
 * @param stages in the recipe's order; the last one is exported
 */
public record Compression(List<Stage> stages) {
  /** The stage before the first step. */
  public static final String TRAINED = "trained";

  public Compression {
    stages = List.copyOf(stages);
  }

  /**
   * What a step left.
   *
   * @param step as in {@link Step#text}
   * @param encoded network with normalizations folded away and without dead channels, and its
   *     encoding
   */
  public record Stage(String step, Encoded encoded) {}

  /**
   * Does a recipe's steps in order.
   *
   * @throws io.skyline.worker.train.DivergedException if fine-tuning diverged
   * @throws io.skyline.worker.train.TrainingCancelledException if progress asked to stop
   */
  public static Compression apply(Recipe recipe, Network trained, Workbench given) {
    Workbench bench = given;
    Encoded current = Encoded.trained(trained);
    List<Stage> stages = new ArrayList<>();
    stages.add(new Stage(TRAINED, shipped(current)));
    for (Step step : recipe.steps()) {
      if (step instanceof Tutoring tutoring) {
        bench = bench.taughtBy(trained, tutoring);
      }
      current = CompressionStep.of(step).apply(current, bench);
      stages.add(new Stage(step.text(), shipped(current)));
    }
    return new Compression(stages);
  }

  /** What is exported. */
  public Encoded encoded() {
    return stages.get(stages.size() - 1).encoded();
  }

  /** What is exported of it: a step that encodes weights did this before. */
  private static Encoded shipped(Encoded encoded) {
    Network folded = BatchNormFolding.fold(encoded.network());
    boolean free = encoded.encoding().equals(Encoding.FLOAT32);
    return encoded.with(free ? DeadChannels.remove(folded) : folded);
  }
}
