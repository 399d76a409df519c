package io.skyline.recipe;

import java.util.List;
import java.util.Locale;

/**
 * Learning from the probabilities of trained networks (Hinton et al. 2015): the loss is {@code (1 -
 * alpha) * hard + alpha * temperature^2 * soft}, where {@code hard} is the cross-entropy against
 * the labels and {@code soft} that between teacher and student, both softened by the temperature.
 * Of an example without a label it is {@code temperature^2 * soft}.
 *
 * @param temperature by which logits are divided before the softmax
 * @param alpha share of the soft loss
 * @param teachers one, or an ensemble whose softened probabilities are averaged; none if what they
 *     say is at hand
 * @param seen what teachers are asked about
 */
public record Distillation(double temperature, double alpha, List<Teacher> teachers, Seen seen) {
  /** Of a plan whose config does not say. */
  public static final double USUAL_TEMPERATURE = 4;

  /** Of a plan whose config does not say. */
  public static final double USUAL_ALPHA = 0.7;

  public Distillation {
    teachers = List.copyOf(teachers);
    TrainingPlan.require(temperature >= 0.1 && temperature <= 100, "temperature", temperature);
    TrainingPlan.require(alpha >= 0 && alpha <= 1, "alpha", alpha);
  }

  /** Teachers that are asked once about each example as it is. */
  public Distillation(double temperature, double alpha, List<Teacher> teachers) {
    this(temperature, alpha, teachers, Seen.ORIGINAL);
  }

  /** These teachers, followed in another way. */
  public Distillation with(double otherTemperature, double otherAlpha) {
    return new Distillation(otherTemperature, otherAlpha, teachers, seen);
  }

  /** These teachers, asked about other examples. */
  public Distillation with(Seen other) {
    return new Distillation(temperature, alpha, teachers, other);
  }

  /** What a teacher is asked about. */
  public enum Seen {
    /**
     * Examples as they are, once; random changes of an example do not change what is said of it.
     */
    ORIGINAL,
    /** Each batch as the student sees it, changes and all (Beyer et al. 2022, section 3). */
    AUGMENTED;

    /** The word in configs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * What a word stands for.
     *
     * @throws IllegalArgumentException if nothing
     */
    public static Seen of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  /**
   * A model file, which workers find by its digest.
   *
   * @param digest SHA-256 in lower-case hex
   */
  public record Teacher(Format format, String digest, long bytes) {
    public Teacher {
      TrainingPlan.require(digest.matches("[0-9a-f]{64}"), "sha256", digest);
    }
  }

  /** What a teacher's file is. */
  public enum Format {
    /** An ONNX model that takes raw pixel values and gives probabilities or logits. */
    ONNX,
    /** A DL4J model that takes raw pixel values and gives probabilities. */
    ZIP;

    /** The ending of such files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
