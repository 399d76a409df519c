package io.skyline.worker.compress;

import io.skyline.recipe.Recipe;
import io.skyline.recipe.Step;
import io.skyline.recipe.Tutoring;
import io.skyline.worker.data.Examples;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.network.Network;
import io.skyline.worker.score.ModelSession;
import io.skyline.worker.score.Quality;
import java.util.ArrayList;
import java.util.List;

/**
 * The outcome of a recipe: what is exported, and what each step did.
 *
 * @param encoded network with normalizations folded away, and its encoding
 * @param steps in the recipe's order
 */
public record Compression(Encoded encoded, List<StepReport> steps) {
  public Compression {
    steps = List.copyOf(steps);
  }

  /**
   * What one step did, for the model's card.
   *
   * @param step as in {@link Step#text}
   * @param parametersBefore numbers that the exported network stored before, normalizations folded
   * @param parametersAfter and after
   * @param qualityBefore accuracy, or in regression R2, of the exported network on the calibration
   *     data before
   * @param qualityAfter and after
   */
  public record StepReport(
      String step,
      long parametersBefore,
      long parametersAfter,
      double qualityBefore,
      double qualityAfter) {}

  /**
   * Does a recipe's steps in order.
   *
   * @throws io.skyline.worker.train.DivergedException if fine-tuning diverged
   * @throws io.skyline.worker.train.TrainingCancelledException if progress asked to stop
   */
  public static Compression apply(Recipe recipe, Network trained, Workbench given) {
    Workbench bench = given;
    Encoded current = Encoded.trained(trained);
    List<StepReport> reports = new ArrayList<>();
    double before = recipe.steps().isEmpty() ? 0 : quality(current, bench.calibration());
    for (Step step : recipe.steps()) {
      if (step instanceof Tutoring tutoring) {
        bench = bench.taughtBy(trained, tutoring);
      }
      Encoded next = CompressionStep.of(step).apply(current, bench);
      double after = quality(next, bench.calibration());
      reports.add(
          new StepReport(step.text(), parameters(current), parameters(next), before, after));
      current = next;
      before = after;
    }
    return new Compression(folded(current), reports);
  }

  private static Encoded folded(Encoded encoded) {
    return encoded.with(BatchNormFolding.fold(encoded.network()));
  }

  private static long parameters(Encoded encoded) {
    return folded(encoded).network().weights().tensors().values().stream()
        .mapToLong(values -> values.length)
        .sum();
  }

  private static double quality(Encoded encoded, Examples examples) {
    byte[] model = OnnxWriter.write(folded(encoded).network(), encoded.encoding());
    try (ModelSession session = ModelSession.load(model)) {
      return Quality.leading(session.predict(examples), examples);
    }
  }
}
