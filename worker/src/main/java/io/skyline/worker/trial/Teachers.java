package io.skyline.worker.trial;

import io.skyline.architecture.Shape;
import io.skyline.recipe.Distillation;
import io.skyline.recipe.Distillation.Format;
import io.skyline.recipe.Distillation.Seen;
import io.skyline.recipe.Distillation.Teacher;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.FailureKind;
import io.skyline.worker.data.ArtifactSource;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.ZippedModel;
import io.skyline.worker.score.TeacherModel;
import io.skyline.worker.score.UnreadableModelException;
import io.skyline.worker.train.BatchTeacher;
import io.skyline.worker.train.TrainingSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The teachers of distilled trainings, fetched by digest. What they say of examples as they are is
 * asked once a split and kept, for all trials of all slots of this machine; those that see what the
 * student sees stay loaded until a plan has others.
 */
final class Teachers {
  private static final int FIRST = 16;

  private final TeacherAnswers answers;
  private final ArtifactSource source;
  private final Map<String, TeacherModel> present = new LinkedHashMap<>();

  /**
   * @param folder for the answers; processes may share it
   */
  Teachers(Path folder, ArtifactSource source) throws IOException {
    this.answers = new TeacherAnswers(folder);
    this.source = source;
  }

  /**
   * Examples to be taught.
   *
   * @param digest of their split
   */
  record Taught(Examples examples, String digest) {}

  /**
   * The examples, with what the plan's teachers say of them, or with those teachers.
   *
   * @param unlabelled more examples, which only a teacher can say something of
   * @param folder for files that are gone afterwards
   * @throws TaskFailedException BAD_ARTIFACT, if a teacher is no model for these images and classes
   */
  TrainingSet teach(
      TrainingPlan plan, Taught labelled, Optional<Taught> unlabelled, int classes, Path folder)
      throws IOException, TaskFailedException {
    Examples examples = labelled.examples();
    if (plan.distillation().isEmpty()) {
      return TrainingSet.of(examples);
    }
    Distillation distillation = plan.distillation().get();
    List<float[]> said = new ArrayList<>();
    List<BatchTeacher> asked = new ArrayList<>();
    if (distillation.seen() == Seen.AUGMENTED) {
      asked.addAll(load(distillation, examples, classes, folder));
    } else {
      for (Teacher teacher : distillation.teachers()) {
        float[] known = ask(teacher, labelled, classes, folder);
        said.add(
            unlabelled.isEmpty()
                ? known
                : joined(known, ask(teacher, unlabelled.get(), classes, folder)));
      }
    }
    Examples all = unlabelled.map(more -> examples.followedBy(more.examples())).orElse(examples);
    return new TrainingSet(all, examples.count(), said, asked);
  }

  private static float[] joined(float[] first, float[] second) {
    float[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  private List<BatchTeacher> load(
      Distillation distillation, Examples examples, int classes, Path folder)
      throws IOException, TaskFailedException {
    List<String> names = new ArrayList<>();
    for (Teacher teacher : distillation.teachers()) {
      names.add(teacher.digest() + " " + examples.shape() + " " + classes);
    }
    present.entrySet().removeIf(entry -> !names.contains(entry.getKey()) && closed(entry));
    List<BatchTeacher> loaded = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      @Nullable TeacherModel model = present.get(names.get(i));
      if (model == null) {
        model = load(distillation.teachers().get(i), examples, classes, folder);
        present.put(names.get(i), model);
      }
      loaded.add(model::probabilities);
    }
    return loaded;
  }

  private static boolean closed(Map.Entry<String, TeacherModel> entry) {
    entry.getValue().close();
    return true;
  }

  /** A model that has answered for the first examples. */
  private TeacherModel load(Teacher teacher, Examples examples, int classes, Path folder)
      throws IOException, TaskFailedException {
    if (teacher.format() != Format.ONNX) {
      throw bad(teacher, "DL4J models are asked about examples as they are only");
    }
    Path file = fetch(teacher, folder);
    try {
      TeacherModel model = open(file, examples.shape(), classes);
      try {
        Examples first = examples.slice(0, Math.min(FIRST, examples.count()));
        check(teacher, model.probabilities(first), first.count(), classes);
        return model;
      } catch (TaskFailedException | RuntimeException e) {
        model.close();
        throw e;
      }
    } catch (UnreadableModelException e) {
      throw bad(teacher, String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static TeacherModel open(Path file, Shape shape, int classes) throws IOException {
    return TeacherModel.open(Files.readAllBytes(file), shape, classes);
  }

  private Path fetch(Teacher teacher, Path folder) throws IOException, TaskFailedException {
    Path file = Files.createTempFile(folder, "teacher", "." + teacher.format().word());
    source.fetch(teacher.digest(), file);
    Artifacts.verify(file, teacher.digest());
    return file;
  }

  private float[] ask(Teacher teacher, Taught taught, int classes, Path folder)
      throws IOException, TaskFailedException {
    String name = teacher.digest() + "-" + taught.digest();
    Examples examples = taught.examples();
    float[] known = answers.find(name, examples.count() * classes);
    if (known.length > 0) {
      return known;
    }
    Path file = fetch(teacher, folder);
    try {
      float[] said =
          teacher.format() == Format.ONNX
              ? say(file, examples, classes)
              : zipped(teacher, file, examples);
      check(teacher, said, examples.count(), classes);
      answers.keep(name, said);
      return said;
    } catch (UnreadableModelException e) {
      throw bad(teacher, String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static float[] say(Path file, Examples examples, int classes) throws IOException {
    try (TeacherModel model = open(file, examples.shape(), classes)) {
      return model.probabilities(examples);
    }
  }

  private static void check(Teacher teacher, float[] said, int examples, int classes)
      throws TaskFailedException {
    if (said.length != examples * classes) {
      throw bad(teacher, "it does not know " + classes + " classes");
    }
    for (float probability : said) {
      if (!(probability >= 0)) {
        throw bad(teacher, "it says " + probability + " for a probability");
      }
    }
  }

  /** DL4J tells a file that does not fit by any of several unchecked exceptions. */
  private static float[] zipped(Teacher teacher, Path file, Examples examples)
      throws TaskFailedException {
    try {
      return ZippedModel.predict(file, examples);
    } catch (IOException | RuntimeException e) {
      throw bad(teacher, "DL4J cannot run it: " + e.getMessage());
    }
  }

  private static TaskFailedException bad(Teacher teacher, String why) {
    return new TaskFailedException(
        FailureKind.BAD_ARTIFACT,
        "the teacher %s (%s) cannot teach: %s"
            .formatted(teacher.digest().substring(0, 12), teacher.format().word(), why));
  }
}
