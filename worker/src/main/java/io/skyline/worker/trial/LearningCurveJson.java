package io.skyline.worker.trial;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skyline.scorecard.Metric;
import io.skyline.scorecard.Scorecard;
import io.skyline.v1.Rung;
import java.util.List;

/** The scores of a model at the rungs of its training, as its card has them. */
final class LearningCurveJson {
  private LearningCurveJson() {}

  static void write(ArrayNode curve, List<Rung> rungs, int epochs, Scorecard scorecard) {
    for (Rung rung : rungs) {
      write(curve, rung.getEpochs(), Wire.scorecard(rung.getScorecard()));
    }
    write(curve, epochs, scorecard);
  }

  private static void write(ArrayNode curve, int epochs, Scorecard scorecard) {
    ObjectNode node = curve.addObject().put("epochs", epochs);
    for (Metric metric : List.of(Metric.ACCURACY, Metric.R2)) {
      scorecard.value(metric).ifPresent(value -> node.put(metric.word(), value));
    }
  }
}
