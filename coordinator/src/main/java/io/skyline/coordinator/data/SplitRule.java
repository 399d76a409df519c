package io.skyline.coordinator.data;

import java.util.List;

/**
 * How the parts that a data set does not bring are drawn from its training data: with each class's
 * share.
 *
 * @param validation how much guides the search, if there is no validation data
 * @param test how much is held back to the end, if there is no test data
 * @param seed of the draw
 */
public record SplitRule(Holdout validation, Holdout test, long seed) {
  /** Positions in an intake. */
  @SuppressWarnings("ArrayRecordComponent") // handed from one method to the next
  record Division(int[] train, int[] validation, int[] test) {}

  /**
   * Divides what was taken in.
   *
   * @param classes labels lie below it; 1 where a number is to be predicted
   * @param name of the data set, for messages
   */
  Division divide(Intake intake, int classes, String name) {
    int[] pool = intake.positions(Part.TRAIN);
    int[] validationGiven = intake.positions(Part.VALIDATION);
    int[] testGiven = intake.positions(Part.TEST);
    int held = validationGiven.length > 0 ? 0 : part(validation, pool, "validation", name);
    int tested = testGiven.length > 0 ? 0 : part(test, pool, "test", name);
    if (held + tested >= pool.length) {
      throw new DataException(
          "%,d of the %,d training examples of %s are to be held out, which leaves none"
              .formatted(held + tested, pool.length, name),
          "hold out fewer");
    }
    int[] labels = new int[pool.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = intake.label(pool[i]);
    }
    List<int[]> parts = StratifiedDraw.draw(labels, classes, seed, held, tested);
    return new Division(
        of(pool, parts.get(2)),
        validationGiven.length > 0 ? validationGiven : of(pool, parts.get(0)),
        testGiven.length > 0 ? testGiven : of(pool, parts.get(1)));
  }

  private static int part(Holdout holdout, int[] pool, String what, String name) {
    int size = holdout.examples(pool.length);
    if (size < 1) {
      throw new DataException(
          "of the %,d training examples of %s none would be held out for %s"
              .formatted(pool.length, name, what),
          "hold out at least one");
    }
    return size;
  }

  private static int[] of(int[] pool, int[] chosen) {
    int[] positions = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      positions[i] = pool[chosen[i]];
    }
    return positions;
  }
}
