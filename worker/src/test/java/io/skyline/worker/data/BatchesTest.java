package io.skyline.worker.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Shape;
import io.skyline.recipe.TrainingPlan.Augmentation;
import io.skyline.worker.network.Normalization;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchesTest {
  private static final Shape SHAPE = new Shape(2, 3, 3);
  private static final int PLANE = 9;
  private static final Normalization IDENTITY = new Normalization(List.of(0f, 0f), List.of(1f, 1f));

  /** Example i has label i; its pixels tell example, channel and position apart. */
  private static Examples examples(int count) {
    byte[] pixels = new byte[count * 2 * PLANE];
    int[] labels = new int[count];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (1 + i % (2 * PLANE) + 20 * (i / (2 * PLANE)));
    }
    for (int i = 0; i < count; i++) {
      labels[i] = i;
    }
    return new Examples(SHAPE, pixels, labels);
  }

  private static List<Integer> epoch(Batches batches, int number, int batch) {
    batches.shuffle(number);
    List<Integer> seen = new ArrayList<>();
    TrainingBatch into = batches.empty();
    assertThat(into.size()).isEqualTo(batch);
    for (int i = 0; i < batches.perEpoch(); i++) {
      batches.fill(i, into);
      for (int example : into.examples()) {
        seen.add(example);
      }
    }
    return seen;
  }

  @Test
  void showsEveryExampleOnceAnEpochAndDropsTheTail() {
    Batches batches = new Batches(examples(11), IDENTITY, Augmentation.NONE, 3, 5);
    assertThat(batches.perEpoch()).isEqualTo(3);
    List<Integer> first = epoch(batches, 0, 3);
    assertThat(first).hasSize(9).doesNotHaveDuplicates();
    assertThat(epoch(batches, 1, 3)).isNotEqualTo(first);
    // An epoch depends on seed and number alone, so training may resume at any of them.
    assertThat(epoch(batches, 0, 3)).isEqualTo(first);
    assertThat(epoch(new Batches(examples(11), IDENTITY, Augmentation.NONE, 3, 6), 0, 3))
        .isNotEqualTo(first);
  }

  @Test
  void normalisesUnsignedBytesByChannel() {
    byte[] pixels = {(byte) 200, 10, (byte) 255, 0};
    Examples one = new Examples(new Shape(2, 1, 2), pixels, new int[] {0});
    Normalization normalization = new Normalization(List.of(100f, 5f), List.of(50f, 10f));
    float[] images = new float[4];
    new Batches(one, normalization, Augmentation.NONE, 1, 1).fillInOrder(0, images);
    assertThat(images).containsExactly(2f, -1.8f, 25f, -0.5f);
  }

  @Test
  void flipsAboutHalfOfTheImagesAndNothingElse() {
    Examples examples = examples(1);
    Batches batches = new Batches(examples, IDENTITY, new Augmentation(true, 0), 1, 5);
    TrainingBatch into = batches.empty();
    float[] image = into.images();
    int flipped = 0;
    for (int epoch = 0; epoch < 200; epoch++) {
      batches.shuffle(epoch);
      batches.fill(0, into);
      if (image[0] == 1) {
        assertThat(image).startsWith(1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
      } else {
        assertThat(image).startsWith(3, 2, 1, 6, 5, 4, 9, 8, 7, 12);
        flipped++;
      }
    }
    assertThat(flipped).isBetween(70, 130);
  }

  @Test
  void shiftsWithinItsRangeAndLetsZerosInBeforeNormalising() {
    Examples examples = examples(1);
    Normalization normalization = new Normalization(List.of(50f, 50f), List.of(1f, 1f));
    Batches batches = new Batches(examples, normalization, new Augmentation(false, 2), 1, 5);
    TrainingBatch into = batches.empty();
    float[] image = into.images();
    List<String> shifts = new ArrayList<>();
    for (int epoch = 0; epoch < 400; epoch++) {
      batches.shuffle(epoch);
      batches.fill(0, into);
      shifts.add(shiftOf(image));
    }
    assertThat(shifts.stream().distinct()).hasSize(25);
  }

  /** The one shift by up to two pixels that explains the image. */
  private static String shiftOf(float[] image) {
    for (int down = -2; down <= 2; down++) {
      for (int right = -2; right <= 2; right++) {
        boolean explains = true;
        for (int i = 0; i < image.length; i++) {
          int y = i % PLANE / 3 - down;
          int x = i % 3 - right;
          boolean inside = y >= 0 && y < 3 && x >= 0 && x < 3;
          float raw = inside ? 1 + i / PLANE * PLANE + y * 3 + x : 0;
          explains &= image[i] == raw - 50;
        }
        if (explains) {
          return down + "," + right;
        }
      }
    }
    throw new AssertionError("no shift explains the image");
  }

  @Test
  void cutsASquareOutOfEveryChannel() {
    Batches batches = new Batches(examples(1), IDENTITY, new Augmentation(false, 0, 0, 2, 0), 1, 5);
    TrainingBatch into = batches.empty();
    for (int epoch = 0; epoch < 50; epoch++) {
      batches.shuffle(epoch);
      batches.fill(0, into);
      int blank = 0;
      for (int i = 0; i < PLANE; i++) {
        assertThat(into.images()[i] == 0).isEqualTo(into.images()[PLANE + i] == 0);
        blank += into.images()[i] == 0 ? 1 : 0;
      }
      assertThat(blank).isIn(1, 2, 4);
    }
  }

  @Test
  void aSignalMovesAlongTimeAndIsNeverMirrored() {
    Examples signal =
        new Examples(new Shape(2, 1, 4), new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, new int[] {0});
    Batches batches = new Batches(signal, IDENTITY, new Augmentation(true, 1), 1, 5);
    TrainingBatch into = batches.empty();
    List<List<Float>> seen = new ArrayList<>();
    for (int epoch = 0; epoch < 60; epoch++) {
      batches.shuffle(epoch);
      batches.fill(0, into);
      List<Float> image = new ArrayList<>();
      for (float value : into.images()) {
        image.add(value);
      }
      seen.add(image);
    }
    assertThat(seen.stream().distinct())
        .containsExactlyInAnyOrder(
            List.of(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f),
            List.of(0f, 1f, 2f, 3f, 0f, 5f, 6f, 7f),
            List.of(2f, 3f, 4f, 0f, 6f, 7f, 8f, 0f));
  }

  @Test
  void turnsAboutTheCentre() {
    Batches batches =
        new Batches(examples(1), IDENTITY, new Augmentation(false, 0, 30, 0, 0), 1, 5);
    TrainingBatch into = batches.empty();
    batches.shuffle(0);
    batches.fill(0, into);
    assertThat(into.images()[4]).isEqualTo(5f);
    assertThat(into.images()[13]).isEqualTo(14f);
    assertThat(into.images()[0]).isNotEqualTo(1f);
  }

  @Test
  void fillsThePredictionsLastBatchWithZeros() {
    Batches batches = new Batches(examples(5), IDENTITY, new Augmentation(true, 2), 3, 5);
    float[] images = new float[3 * 2 * PLANE];
    assertThat(batches.fillInOrder(0, images)).isEqualTo(3);
    assertThat(images[2 * PLANE]).isEqualTo(21f);
    assertThat(batches.fillInOrder(3, images)).isEqualTo(2);
    assertThat(images[0]).isEqualTo(61f);
    assertThat(images[2 * PLANE]).isEqualTo(81f);
    for (int i = 2 * 2 * PLANE; i < images.length; i++) {
      assertThat(images[i]).isZero();
    }
  }
}
