package io.skyline.worker.score;

import io.skyline.scorecard.Measurement;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.worker.data.Examples;
import io.skyline.worker.train.DivergedException;

/**
 * How well a model does its task: accuracy and macro-F1 where it tells classes apart, mean absolute
 * error and R2 where it predicts a number.
 */
public final class Quality {
  private Quality() {}

  /**
   * Runs a model on examples.
   *
   * @throws DivergedException if an output is not a number
   * @throws IllegalArgumentException if there are no examples
   */
  public static Scorecard of(ModelSession model, Examples examples) {
    return of(model.predict(examples), examples);
  }

  /** The same from outputs that are there already: {@code examples x outputs}. */
  public static Scorecard of(float[] outputs, Examples examples) {
    if (examples.count() == 0) {
      throw new IllegalArgumentException("no examples to score on");
    }
    if (examples.isRegression()) {
      PredictionError error = PredictionError.of(outputs, examples.targets());
      return Scorecard.EMPTY
          .with(Metric.MAE, Measurement.exact(error.meanAbsolute()))
          .with(Metric.R2, Measurement.exact(error.explained()));
    }
    Confusion confusion =
        Confusion.of(outputs, examples.labels(), outputs.length / examples.count());
    return Scorecard.EMPTY
        .with(Metric.ACCURACY, Measurement.exact(confusion.accuracy()))
        .with(Metric.MACRO_F1, Measurement.exact(confusion.macroF1()));
  }

  /** The same numbers under the names that they have on test data. */
  public static Scorecard onTest(Scorecard quality) {
    Scorecard renamed = Scorecard.EMPTY;
    for (Metric metric : quality.measurements().keySet()) {
      Measurement measurement = quality.measurements().get(metric);
      if (measurement != null) {
        renamed = renamed.with(metric.onTest().orElseThrow(), measurement);
      }
    }
    return renamed;
  }

  /** The one number that says most, better when higher: accuracy or R2. */
  public static Metric leading(Examples examples) {
    return examples.isRegression() ? Metric.R2 : Metric.ACCURACY;
  }

  /** The value of {@link #leading}. */
  public static double leading(float[] outputs, Examples examples) {
    return of(outputs, examples).value(leading(examples)).orElseThrow();
  }
}
