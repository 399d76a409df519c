package io.skyline.worker.train;

import java.util.List;

/** What teachers say, softened by a temperature and averaged (Hinton et al. 2015). */
final class SoftTargets {
  private SoftTargets() {}

  /**
   * One distribution for each example.
   *
   * @param teachers probabilities of each, {@code examples x classes}. The softmax of logits over a
   *     temperature is the probabilities' power by its inverse, made to sum to 1 again
   */
  static float[] of(List<float[]> teachers, int classes, double temperature) {
    float[] mean = new float[teachers.get(0).length];
    double[] softened = new double[classes];
    for (float[] teacher : teachers) {
      if (teacher.length != mean.length) {
        throw new IllegalArgumentException("teachers disagree on how many classes there are");
      }
      for (int from = 0; from < mean.length; from += classes) {
        double sum = 0;
        for (int c = 0; c < classes; c++) {
          softened[c] = StrictMath.pow(teacher[from + c], 1 / temperature);
          sum += softened[c];
        }
        if (!(sum > 0) || Double.isInfinite(sum)) {
          throw new IllegalArgumentException(
              "a teacher's row " + from / classes + " holds no probabilities");
        }
        for (int c = 0; c < classes; c++) {
          mean[from + c] += (float) (softened[c] / sum / teachers.size());
        }
      }
    }
    return mean;
  }
}
