package io.skyline.coordinator.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyline.coordinator.data.ArrayLayout;
import io.skyline.coordinator.data.UnlabelledSource;
import io.skyline.recipe.ClassWeights;
import io.skyline.recipe.Distillation.Format;
import io.skyline.recipe.Distillation.Seen;
import io.skyline.recipe.EarlyStopping;
import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.yaml.InvalidDocumentException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingSectionTest {
  private static final String BEGIN =
      """
      data: fashion-mini
      space: mobile
      objectives: [maximize accuracy]
      controller: random
      budget: {trials: 1, epochs: 1}
      """;

  @TempDir private Path folder;

  private SearchConfig read(String end) throws IOException {
    return ConfigReader.read(
        Files.writeString(folder.resolve("mine.yaml"), BEGIN + end), List.of());
  }

  @Test
  void readsEverySettingOfATraining() throws IOException {
    TrainingPlan plan =
        read("""
        training:
          optimizer: adamw
          schedule: step
          drops: [0.6, 0.9]
          drop_factor: 0.5
          gradient_clip: 1
          averaging: 0.99
          group_lasso: 0.00001
          class_weights: balanced
          early_stopping: {share: 20 %, patience: 4}
          augmentation: {rotation: 10, cutout: 8, mixup: 0.2}
        """)
            .training();

    assertThat(plan.optimizer()).isEqualTo(Optimizer.ADAMW);
    assertThat(plan.schedule())
        .isEqualTo(new Schedule(Schedule.Shape.STEP, 0.01, 0.1, List.of(0.6, 0.9), 0.5));
    assertThat(plan.regularization()).isEqualTo(new Regularization(1e-4, 0, 1, 0.99, 1e-5));
    assertThat(plan.classWeights()).isEqualTo(new ClassWeights.Balanced());
    assertThat(plan.earlyStopping()).contains(new EarlyStopping(0.2, 4));
    assertThat(plan.augmentation()).isEqualTo(new Augmentation(true, 1, 10, 8, 0.2));
  }

  @Test
  void aTeacherIsKnownByItsDigestOnceItsFileIsGone() throws IOException {
    Path model = Files.createDirectories(folder.resolve("big")).resolve("model.onnx");
    Files.writeString(model, "a teacher");
    SearchConfig config = read("training: {distillation: {teacher: big, temperature: 2}}\n");
    Files.delete(model);

    SearchConfig again = ConfigReader.reread(config.yaml());
    assertThat(again.training()).isEqualTo(config.training());
    assertThat(again.training().distillation().orElseThrow().teachers())
        .allSatisfy(teacher -> assertThat(teacher.format()).isEqualTo(Format.ONNX))
        .allSatisfy(teacher -> assertThat(teacher.bytes()).isEqualTo(9));
    assertThat(config.teachers().get(0).file()).isEqualTo(model);
  }

  @Test
  void aTeacherThatIsMissingOrAnotherIsNamedWithItsPlace() throws IOException {
    assertThatThrownBy(() -> read("training: {distillation: {teacher: none.onnx}}\n"))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining("mine.yaml:6:36")
        .hasMessageContaining("there is no file 'none.onnx'");
    Files.writeString(folder.resolve("t.onnx"), "a teacher");
    String digest = "0".repeat(64);
    assertThatThrownBy(
            () ->
                read(
                    "training: {distillation: {teacher: {file: t.onnx, sha256: '"
                        + digest
                        + "'}}}"))
        .hasMessageContaining("'t.onnx' has the digest");
  }

  @Test
  void transferDataIsReadFromItsPathAndKeepsItOnceItsFileIsGone() throws IOException {
    Files.writeString(folder.resolve("t.onnx"), "a teacher");
    Path more = Files.writeString(folder.resolve("more.npz"), "examples");
    SearchConfig config =
        read(
            "training: {distillation: {teacher: t.onnx, teacher_sees: augmented,"
                + " transfer: {format: npz, path: more.npz, layout: hw, skip_bad: true}}}\n");
    assertThat(config.training().distillation().orElseThrow().seen()).isEqualTo(Seen.AUGMENTED);
    UnlabelledSource transfer = config.transfer().orElseThrow();
    assertThat(transfer.path()).isEqualTo(more);
    assertThat(transfer.format()).isEqualTo(UnlabelledSource.Format.NPZ);
    assertThat(transfer.layout()).isEqualTo(ArrayLayout.HW);
    assertThat(transfer.skipBad()).isTrue();
    assertThat(transfer.place().line()).isEqualTo(6);

    Files.delete(more);
    SearchConfig again = ConfigReader.reread(config.yaml());
    assertThat(again.training()).isEqualTo(config.training());
    assertThat(again.transfer().orElseThrow().path()).isEqualTo(more);
  }

  @Test
  void transferDataThatCannotBeIsNamedWithItsPlace() throws IOException {
    Files.writeString(folder.resolve("t.onnx"), "a teacher");
    String begin = "training: {distillation: {teacher: t.onnx, transfer: ";
    assertThatThrownBy(() -> read(begin + "{format: npz, path: none.npz}}}\n"))
        .isInstanceOf(InvalidDocumentException.class)
        .hasMessageContaining("mine.yaml:6:74: there is no file or folder 'none.npz'");
    assertThatThrownBy(() -> read(begin + "{format: csv, path: t.onnx}}}\n"))
        .hasMessageContaining("mine.yaml:6:63");
    assertThatThrownBy(() -> read(begin + "{format: idx, path: t.onnx, layout: hw}}}\n"))
        .hasMessageContaining("layout");
    Files.writeString(folder.resolve("t.zip"), "a teacher");
    assertThatThrownBy(
            () -> read("training: {distillation: {teacher: t.zip, teacher_sees: augmented}}\n"))
        .hasMessageContaining("mine.yaml:6:57: a DL4J .zip is asked about examples as they are");
  }

  @Test
  void theReferenceEngineRefusesWhatItCannotDo() {
    for (String setting : List.of("gradient_clip: 1", "averaging: 0.9", "class_weights: [1, 2]")) {
      assertThatThrownBy(() -> read("engine: dl4j\ntraining: {" + setting + "}\n"))
          .isInstanceOf(InvalidDocumentException.class)
          .hasMessageContaining("mine.yaml:7:12")
          .hasMessageContaining("the engine 'dl4j' cannot do training.");
    }
  }

  @Test
  void aSpaceMayOnlyDecideATemperatureWhereSomebodyTeaches() {
    String space =
        "{stem: {width: 8}, stages: [{width: 8}],"
            + " training: {distillation: {temperature: [2, 4]}}}";
    String config = BEGIN.replace("space: mobile", "space: " + space);
    assertThatThrownBy(() -> ConfigReader.parse(config, "mine"))
        .hasMessageContaining("nobody teaches");
  }
}
