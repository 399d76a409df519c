package io.skyline.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skyline.architecture.Shape;
import io.skyline.recipe.ClassWeights;
import io.skyline.recipe.Distillation;
import io.skyline.recipe.Distillation.Format;
import io.skyline.recipe.Distillation.Seen;
import io.skyline.recipe.Distillation.Teacher;
import io.skyline.recipe.Regularization;
import io.skyline.recipe.Schedule;
import io.skyline.recipe.TrainingPlan;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.recipe.TrainingPlan.Optimizer;
import io.skyline.worker.data.Batches;
import io.skyline.worker.data.Examples;
import io.skyline.worker.data.TrainingBatch;
import io.skyline.worker.network.Normalization;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassTargetsTest {
  private static final Shape PIXEL = new Shape(1, 1, 1);
  private static final Normalization PLAIN = new Normalization(List.of(0f), List.of(1f));
  private static final Teacher ANYBODY = new Teacher(Format.ONNX, "0".repeat(64), 1);
  private static final float[] LOGITS = {1000f, 998f, 3f, -1f, 0.5f, 2f};

  private static TrainingPlan plan(double smoothing, Augmentation augmentation) {
    return new TrainingPlan(
        1,
        2,
        Optimizer.SGD,
        new Schedule(Schedule.Shape.COSINE, 0.1, 0),
        new Regularization(0, smoothing),
        augmentation);
  }

  private static Examples labelled(int... labels) {
    byte[] pixels = new byte[labels.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i + 1);
    }
    return new Examples(PIXEL, pixels, labels);
  }

  private static TrainingBatch batch(Examples examples, Augmentation augmentation, long seed) {
    Batches batches = new Batches(examples, PLAIN, augmentation, examples.count(), seed);
    batches.shuffle(0);
    TrainingBatch batch = batches.empty();
    batches.fill(0, batch);
    return batch;
  }

  private static void assertDerivative(ClassTargets targets, float[] logits) {
    float[] gradient = new float[logits.length];
    assertThat(targets.loss(logits, gradient)).isFinite();
    for (int i = 0; i < logits.length; i++) {
      float step = 1f / 64;
      float[] above = logits.clone();
      above[i] += step;
      float[] below = logits.clone();
      below[i] -= step;
      float[] unused = new float[logits.length];
      double derivative = (targets.loss(above, unused) - targets.loss(below, unused)) / (2 * step);
      assertThat((double) gradient[i]).isCloseTo(derivative, within(1e-4));
    }
  }

  @Test
  void theGradientOfEveryLossIsItsDerivativeAndHugeLogitsDoNoHarm() {
    Examples examples = labelled(1, 2);
    float[] teacher = {0.2f, 0.5f, 0.3f, 1f, 0f, 0f};
    TrainingSet taught = new TrainingSet(examples, 2, List.of(teacher));
    TrainingPlan smooth = plan(0.2, Augmentation.NONE);
    TrainingPlan weighed = smooth.with(new ClassWeights.Given(List.of(0.0, 1.0, 3.0)));
    TrainingPlan distilled = weighed.with(new Distillation(3, 0.4, List.of(ANYBODY)));
    for (TrainingPlan plan : List.of(smooth, weighed, distilled)) {
      ClassTargets targets = new ClassTargets(plan, taught, PLAIN, 3, 2);
      targets.take(batch(examples, Augmentation.NONE, 1));
      assertDerivative(targets, LOGITS);
    }
  }

  @Test
  void smoothedLabelsKeepTheirShareAndSpreadTheRest() {
    Examples examples = labelled(1, 2);
    ClassTargets targets =
        new ClassTargets(plan(0.3, Augmentation.NONE), TrainingSet.of(examples), PLAIN, 3, 2);
    TrainingBatch batch = batch(examples, Augmentation.NONE, 1);
    targets.take(batch);
    int row = batch.examples()[0] == 0 ? 0 : 1;
    assertThat(Arrays.copyOfRange(targets.hard(), row * 3, row * 3 + 3))
        .containsExactly(new float[] {0.1f, 0.8f, 0.1f}, within(1e-6f));
  }

  @Test
  void mixedTargetsHaveTheSharesOfTheirImages() {
    Examples examples = labelled(0, 1, 2);
    Augmentation mixup = new Augmentation(false, 0, 0, 0, 1);
    ClassTargets targets = new ClassTargets(plan(0, mixup), TrainingSet.of(examples), PLAIN, 3, 3);
    for (long seed = 0; seed < 20; seed++) {
      TrainingBatch batch = batch(examples, mixup, seed);
      targets.take(batch);
      for (int row = 0; row < 3; row++) {
        // pixels are 1, 2, 3 for the classes 0, 1, 2: the mean of the target is that of the image
        float[] target = Arrays.copyOfRange(targets.hard(), row * 3, row * 3 + 3);
        float expected = target[0] + 2 * target[1] + 3 * target[2];
        assertThat(batch.images()[row]).isCloseTo(expected, within(1e-5f));
        assertThat(target[batch.examples()[row]]).isCloseTo(batch.share(), within(1e-6f));
      }
    }
  }

  @Test
  void classWeightsAverageOneOverTheExamples() {
    int[] labels = {0, 0, 0, 1};
    assertThat(ClassShares.of(new ClassWeights.Balanced(), labels, 2))
        .containsExactly(new double[] {2.0 / 3, 2}, within(1e-12));
    assertThat(ClassShares.of(new ClassWeights.Given(List.of(1.0, 5.0)), labels, 2))
        .containsExactly(new double[] {0.5, 2.5}, within(1e-12));
    assertThat(ClassShares.of(new ClassWeights.Equal(), labels, 2)).containsExactly(1, 1);
    assertThat(ClassShares.of(new ClassWeights.Balanced(), labels, 3)[2]).isZero();
    assertThatThrownBy(() -> ClassShares.of(new ClassWeights.Given(List.of(1.0)), labels, 2))
        .hasMessageContaining("1 numbers, but there are 2 classes");
  }

  @Test
  void aTeachersWordIsTheSoftmaxOfItsLogitsOverTheTemperature() {
    double[] logits = {2, -1, 0.5};
    float[] probabilities = softmax(logits, 1);
    float[] other = {0, 1, 0};
    assertThat(SoftTargets.of(List.of(probabilities), 3, 4))
        .containsExactly(softmax(logits, 4), within(1e-6f));
    float[] ensemble = SoftTargets.of(List.of(probabilities, other), 3, 4);
    assertThat(ensemble[0]).isCloseTo(softmax(logits, 4)[0] / 2, within(1e-6f));
    assertThat(ensemble[1]).isCloseTo(softmax(logits, 4)[1] / 2 + 0.5f, within(1e-6f));
    assertThatThrownBy(() -> SoftTargets.of(List.of(new float[3]), 3, 4))
        .hasMessageContaining("row 0");
  }

  private static float[] softmax(double[] logits, double temperature) {
    double sum = 0;
    for (double logit : logits) {
      sum += Math.exp(logit / temperature);
    }
    float[] softmax = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      softmax[i] = (float) (Math.exp(logits[i] / temperature) / sum);
    }
    return softmax;
  }

  @Test
  void examplesWithoutALabelLearnFromTheTeacherAlone() {
    Examples examples = labelled(1, 0);
    float[] teacher = {0.2f, 0.5f, 0.3f, 0.6f, 0.3f, 0.1f};
    TrainingSet set = new TrainingSet(examples, 1, List.of(teacher));
    Distillation distillation = new Distillation(1, 0.4, List.of(ANYBODY));
    ClassTargets targets =
        new ClassTargets(plan(0, Augmentation.NONE).with(distillation), set, PLAIN, 3, 2);
    TrainingBatch batch = batch(examples, Augmentation.NONE, 1);
    targets.take(batch);
    int row = batch.examples()[0] == 1 ? 0 : 1;
    assertThat(Arrays.copyOfRange(targets.hard(), row * 3, row * 3 + 3)).containsOnly(0f);
    float[] gradient = new float[6];
    float[] even = new float[6];
    targets.loss(even, gradient);
    for (int c = 0; c < 3; c++) {
      // the share of the soft loss is for those with a label
      double expected = (1 / 3.0 - teacher[3 + c]) / 2;
      assertThat((double) gradient[row * 3 + c]).isCloseTo(expected, within(1e-6));
    }
    assertThatThrownBy(() -> new TrainingSet(examples, 1, List.of()))
        .hasMessageContaining("without a teacher");
  }

  @Test
  void aTeacherThatIsPresentIsAskedAboutEachMixedImageItself() {
    Examples examples = labelled(0, 1, 2, 0);
    Normalization scaled = new Normalization(List.of(10f), List.of(4f));
    Augmentation mixup = new Augmentation(false, 0, 0, 0, 1);
    List<float[]> asked = new ArrayList<>();
    BatchTeacher teacher =
        (values, count) -> {
          asked.add(values.clone());
          float[] said = new float[count * 3];
          for (int i = 0; i < count; i++) {
            said[3 * i + 1] = values[i] / 4;
            said[3 * i + 2] = 1 - values[i] / 4;
          }
          return said;
        };
    Distillation distillation = new Distillation(1, 0.4, List.of(ANYBODY), Seen.AUGMENTED);
    TrainingSet set = new TrainingSet(examples, 3, List.of(), List.of(teacher));
    ClassTargets targets = new ClassTargets(plan(0, mixup).with(distillation), set, scaled, 3, 4);
    Batches batches = new Batches(examples, scaled, mixup, 4, 5);
    batches.shuffle(0);
    TrainingBatch batch = batches.empty();
    batches.fill(0, batch);
    targets.take(batch);
    float[] gradient = new float[12];
    targets.loss(new float[12], gradient);
    for (int i = 0; i < 4; i++) {
      int own = batch.examples()[i];
      int partner = batch.partners()[i];
      double share = batch.share();
      // pixels are 1, 2, 3, 4
      double raw = share * (own + 1) + (1 - share) * (partner + 1);
      assertThat((double) asked.get(0)[i]).isCloseTo(raw, within(1e-5));
      double soft = share * (own < 3 ? 0.4 : 1) + (1 - share) * (partner < 3 ? 0.4 : 1);
      double hard = share * (own == 0 ? 0.6 : 0) + (1 - share) * (partner == 0 ? 0.6 : 0);
      // class 0 is in labels alone
      double mass = soft + share * (own < 3 ? 0.6 : 0) + (1 - share) * (partner < 3 ? 0.6 : 0);
      double expected = (mass / 3 - hard) / 4;
      assertThat((double) gradient[3 * i]).isCloseTo(expected, within(1e-6));
      double second = (mass / 3 - soft * raw / 4 - hard(batch, i, 1)) / 4;
      assertThat((double) gradient[3 * i + 1]).isCloseTo(second, within(1e-6));
    }
  }

  private static double hard(TrainingBatch batch, int row, int label) {
    double own = batch.examples()[row] == label ? 0.6 * batch.share() : 0;
    return own + (batch.partners()[row] == label ? 0.6 * (1 - batch.share()) : 0);
  }

  @Test
  void softmaxTurnsLogitsIntoProbabilities() {
    float[] probabilities = new float[9];
    SoftmaxCrossEntropy.probabilities(LOGITS, 2, 3, probabilities, 1);
    assertThat(Arrays.copyOf(probabilities, 3)).containsOnly(0f);
    assertThat(probabilities[3]).isCloseTo(0.8808f, within(1e-4f));
    assertThat(probabilities[6] + probabilities[7] + probabilities[8]).isCloseTo(1f, within(1e-6f));
  }
}
