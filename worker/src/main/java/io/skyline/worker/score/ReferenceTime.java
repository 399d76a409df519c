package io.skyline.worker.score;

/**
 * How fast a machine is: the time of the reference model when nothing disturbs it.
 *
 * @param microseconds of one inference
 */
public record ReferenceTime(double microseconds) {
  public ReferenceTime {
    if (!(microseconds > 0 && Double.isFinite(microseconds))) {
      throw new IllegalArgumentException("not a time: " + microseconds + " us");
    }
  }
}
