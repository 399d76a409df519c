package io.skyline.coordinator.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Shape;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class IdxSourceProperties {
  @Property(tries = 100)
  void readsBackWhatWasWritten(
      @ForAll @IntRange(min = 1, max = 50) int count,
      @ForAll @IntRange(min = 1, max = 40) int rows,
      @ForAll @IntRange(min = 1, max = 40) int columns,
      @ForAll long seed,
      @ForAll boolean packed)
      throws IOException {
    LabelledImages images = random(count, new Shape(1, rows, columns), 256, seed);

    LabelledImages read =
        IdxReader.pair(
            file(IdxFiles.images(images), packed), file(IdxFiles.labels(images.labels()), packed));

    assertThat(read.shape()).isEqualTo(images.shape());
    assertThat(read.pixels()).isEqualTo(images.pixels());
    assertThat(read.labels()).isEqualTo(images.labels());
  }

  @Property(tries = 200)
  void drawsDisjointPartsThatCoverEverythingWithEachClassesShare(
      @ForAll @IntRange(min = 2, max = 300) int count,
      @ForAll @IntRange(min = 1, max = 12) int classes,
      @ForAll @IntRange(max = 150) int first,
      @ForAll @IntRange(max = 150) int second,
      @ForAll long seed) {
    int one = first % count;
    int two = second % (count - one);
    int[] labels = random(count, new Shape(1, 1, 1), classes, seed).labels();

    List<int[]> parts = StratifiedDraw.draw(labels, classes, seed, one, two);

    assertThat(parts.get(0)).hasSize(one);
    assertThat(parts.get(1)).hasSize(two);
    int[] all = parts.stream().flatMapToInt(Arrays::stream).sorted().toArray();
    assertThat(all).isEqualTo(java.util.stream.IntStream.range(0, count).toArray());
    for (int c = 0; c < classes; c++) {
      double fair = (double) one * members(labels, all, c) / count;
      assertThat((double) members(labels, parts.get(0), c)).isBetween(fair - 1, fair + 1);
    }
  }

  @Property(tries = 50)
  void drawsTheSameForTheSameSeedOnly(@ForAll long seed) {
    int[] labels = random(200, new Shape(1, 1, 1), 5, 3).labels();

    assertThat(StratifiedDraw.draw(labels, 5, seed, 50).get(0))
        .isEqualTo(StratifiedDraw.draw(labels, 5, seed, 50).get(0))
        .isNotEqualTo(StratifiedDraw.draw(labels, 5, seed + 1, 50).get(0));
  }

  static LabelledImages random(int count, Shape shape, int classes, long seed) {
    Random random = new Random(seed);
    byte[] pixels = new byte[Math.toIntExact(count * shape.elements())];
    random.nextBytes(pixels);
    return new LabelledImages(shape, pixels, random.ints(count, 0, classes).toArray());
  }

  private static RawFile file(byte[] content, boolean packed) throws IOException {
    byte[] bytes = packed ? IdxFiles.gzip(content) : content;
    return new RawFile("generated", bytes.length, () -> new ByteArrayInputStream(bytes));
  }

  private static long members(int[] labels, int[] positions, int label) {
    return Arrays.stream(positions).filter(position -> labels[position] == label).count();
  }
}
