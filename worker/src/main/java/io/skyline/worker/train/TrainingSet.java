package io.skyline.worker.train;

import io.skyline.worker.data.Examples;
import java.util.List;

/**
 * What a training learns from.
 *
 * @param examples of which the first {@code labelled} have a label; the labels of the rest mean
 *     nothing
 * @param teachers each teacher's probabilities for the examples, {@code examples x classes},
 *     row-major; taken once, of the images as they are, so that a training's random changes of an
 *     image do not change what its teachers say of it
 * @param present teachers that are asked about each batch instead
 */
public record TrainingSet(
    Examples examples, int labelled, List<float[]> teachers, List<BatchTeacher> present) {
  public TrainingSet {
    teachers = List.copyOf(teachers);
    present = List.copyOf(present);
    if (!teachers.isEmpty() && !present.isEmpty()) {
      throw new IllegalArgumentException("teachers are asked before a training or during it");
    }
    if (labelled < 0 || labelled > examples.count()) {
      throw new IllegalArgumentException(labelled + " of " + examples.count() + " have a label");
    }
    if (teachers.isEmpty() && present.isEmpty() && labelled < examples.count()) {
      throw new IllegalArgumentException("without a teacher every example needs a label");
    }
  }

  /** With teachers that were asked before. */
  public TrainingSet(Examples examples, int labelled, List<float[]> teachers) {
    this(examples, labelled, teachers, List.of());
  }

  /** Labelled examples without a teacher. */
  public static TrainingSet of(Examples examples) {
    return new TrainingSet(examples, examples.count(), List.of());
  }

  /** The examples that have a label. */
  public Examples withLabels() {
    return labelled == examples.count() ? examples : examples.slice(0, labelled);
  }

  /**
   * The examples of those indices, copied.
   *
   * @param indices the labelled ones first
   */
  TrainingSet pick(int[] indices) {
    int known = 0;
    for (int index : indices) {
      known += index < labelled ? 1 : 0;
    }
    int count = examples.count();
    List<float[]> theirs = teachers.stream().map(t -> pick(t, t.length / count, indices)).toList();
    return new TrainingSet(examples.select(indices), known, theirs, present);
  }

  private static float[] pick(float[] rows, int columns, int[] indices) {
    float[] picked = new float[indices.length * columns];
    for (int i = 0; i < indices.length; i++) {
      System.arraycopy(rows, indices[i] * columns, picked, i * columns, columns);
    }
    return picked;
  }
}
