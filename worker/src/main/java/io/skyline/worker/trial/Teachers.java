package io.skyline.worker.trial;

import io.skyline.recipe.Distillation.Format;
import io.skyline.recipe.Distillation.Teacher;
import io.skyline.recipe.TrainingPlan;
import io.skyline.scorecard.FailureKind;
import io.skyline.worker.data.ArtifactSource;
import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.ZippedModel;
import io.skyline.worker.score.TeacherModel;
import io.skyline.worker.score.UnreadableModelException;
import io.skyline.worker.train.TrainingSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The teachers of distilled trainings, fetched by digest and asked once about each split: what they
 * say of the images as they are is kept, for all trials of all slots of this machine.
 */
final class Teachers {
  private final TeacherAnswers answers;
  private final ArtifactSource source;

  /**
   * @param folder for the answers; processes may share it
   */
  Teachers(Path folder, ArtifactSource source) throws IOException {
    this.answers = new TeacherAnswers(folder);
    this.source = source;
  }

  /**
   * The examples, with what the plan's teachers say of them.
   *
   * @param split digest of the examples
   * @param folder for files that are gone afterwards
   * @throws TaskFailedException BAD_ARTIFACT, if a teacher is no model for these images and classes
   */
  TrainingSet teach(TrainingPlan plan, Examples examples, String split, int classes, Path folder)
      throws IOException, TaskFailedException {
    List<float[]> said = new ArrayList<>();
    if (plan.distillation().isPresent()) {
      for (Teacher teacher : plan.distillation().get().teachers()) {
        String name = teacher.digest() + "-" + split;
        float[] known = answers.find(name, examples.count() * classes);
        said.add(known.length > 0 ? known : ask(teacher, examples, classes, name, folder));
      }
    }
    return new TrainingSet(examples, examples.count(), said);
  }

  private float[] ask(Teacher teacher, Examples examples, int classes, String name, Path folder)
      throws IOException, TaskFailedException {
    Path file = Files.createTempFile(folder, "teacher", "." + teacher.format().word());
    try {
      source.fetch(teacher.digest(), file);
      Artifacts.verify(file, teacher.digest());
      float[] said =
          teacher.format() == Format.ONNX
              ? TeacherModel.probabilities(Files.readAllBytes(file), examples, classes)
              : zipped(teacher, file, examples);
      if (said.length != examples.count() * classes) {
        throw bad(teacher, "it does not know " + classes + " classes");
      }
      for (float probability : said) {
        if (!(probability >= 0)) {
          throw bad(teacher, "it says " + probability + " for a probability");
        }
      }
      answers.keep(name, said);
      return said;
    } catch (UnreadableModelException e) {
      throw bad(teacher, String.valueOf(e.getMessage()));
    } finally {
      Files.deleteIfExists(file);
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
