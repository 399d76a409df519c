package io.skyline.worker.hashing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Kernels of hashed frequencies: from values to floats and back. */
class HashedKernelTest {
  private static final KernelShape SHAPE = new KernelShape(32, 16, 3, 3);

  @Property(tries = 60)
  void theInverseOfTheTransformGivesTheWindowBack(
      @ForAll @IntRange(min = 1, max = 32) int height,
      @ForAll @IntRange(min = 1, max = 32) int width,
      @ForAll long seed) {
    CosineTransform transform = new CosineTransform(height, width);
    double[] window = new SplittableRandom(seed).doubles(height * width, -1, 1).toArray();
    double[] frequencies = new double[window.length];
    double[] back = new double[window.length];
    transform.forward(window, frequencies);
    transform.inverse(frequencies, back);
    assertThat(back).containsExactly(window, within(1e-13));
    assertThat(squares(frequencies)).isCloseTo(squares(window), within(1e-11));
    double mean = Arrays.stream(window).sum() / Math.sqrt(window.length);
    assertThat(frequencies[0]).isCloseTo(mean, within(1e-12));
  }

  private static double squares(double[] values) {
    return Arrays.stream(values).map(v -> v * v).sum();
  }

  @Property(tries = 100)
  void everyFrequencyHasBucketsOfItsOwnAndAllAreDealt(
      @ForAll @IntRange(min = 1, max = 40) int outputs,
      @ForAll @IntRange(min = 1, max = 20) int inputs,
      @ForAll @IntRange(min = 1, max = 5) int height,
      @ForAll @IntRange(min = 1, max = 7) int width,
      @ForAll @IntRange(min = 1, max = 999) int kept) {
    KernelShape shape = new KernelShape(outputs, inputs, height, width);
    Buckets buckets = new Buckets(shape, kept);
    int frequencies = height + width - 1;
    long asked = Math.round(shape.size() * (long) kept / 1000.0);
    assertThat(buckets.values()).isEqualTo((int) Math.max(frequencies, asked));
    int[] owner = new int[buckets.values()];
    Arrays.fill(owner, -1);
    for (int i = 0; i < shape.size(); i++) {
      int tap = i % shape.taps();
      int frequency = tap / width + tap % width;
      int bucket = buckets.code(i) >> 1;
      assertThat(owner[bucket]).isIn(-1, frequency);
      owner[bucket] = frequency;
    }
  }

  @Test
  void lowFrequenciesHaveMoreValuesForTheirPlacesAndSignsAreEven() {
    KernelShape shape = new KernelShape(64, 64, 3, 3);
    HashedKernel kernel = new HashedKernel(shape, 100);
    Buckets buckets = new Buckets(shape, 100);
    boolean[][] seen = new boolean[5][kernel.values()];
    int[] places = {1, 2, 3, 2, 1};
    int negative = 0;
    for (int i = 0; i < shape.size(); i++) {
      int tap = i % 9;
      seen[tap / 3 + tap % 3][kernel.bucket(i)] = true;
      negative += buckets.code(i) & 1;
    }
    double before = Double.POSITIVE_INFINITY;
    for (int j = 0; j < 5; j++) {
      double values = 0;
      for (boolean used : seen[j]) {
        values += used ? 1 : 0;
      }
      assertThat(values / places[j]).as("frequency %d", j).isPositive().isLessThan(before);
      before = values / places[j];
    }
    assertThat((double) negative / shape.size()).isCloseTo(0.5, within(0.01));
  }

  @Test
  void someValuesOfAThousandAreKept() {
    for (int kept : new int[] {0, 1000, -1}) {
      assertThatIllegalArgumentException().isThrownBy(() -> new Buckets(SHAPE, kept));
    }
  }

  /** Values of any scale, few of them large. */
  private static double[] drawn(int count, double scale, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[count];
    for (int b = 0; b < count; b++) {
      double gauss = random.nextGaussian();
      values[b] = scale * gauss * gauss * gauss;
    }
    return values;
  }

  @Property(tries = 60)
  void valuesAreToldFromTheFloatsOfTheirKernel(
      @ForAll @IntRange(min = 1, max = 24) int outputs,
      @ForAll @IntRange(min = 1, max = 24) int inputs,
      @ForAll @IntRange(min = 1, max = 7) int side,
      @ForAll @IntRange(min = 1, max = 999) int kept,
      @ForAll @IntRange(min = -20, max = 8) int power,
      @ForAll long seed) {
    HashedKernel kernels = new HashedKernel(new KernelShape(outputs, inputs, side, side), kept);
    double[] drawn = drawn(kernels.values(), Math.scalb(1.0, power), seed);
    float[] kernel = kernels.kernel(HashedKernel.rounded(drawn));
    float[] values = HashedKernel.rounded(kernels.means(kernel));
    assertThat(kernels.kernel(values)).isEqualTo(kernel);
    assertThat(HashedKernel.rounded(kernels.means(kernels.kernel(values)))).isEqualTo(values);
  }

  @Property(tries = 60)
  void aHashedKernelIsRecognisedWhateverItsShare(
      @ForAll @IntRange(min = 8, max = 24) int outputs,
      @ForAll @IntRange(min = 8, max = 24) int inputs,
      @ForAll @IntRange(min = 1, max = 5) int height,
      @ForAll @IntRange(min = 1, max = 5) int width,
      @ForAll @IntRange(min = 1, max = 999) int kept,
      @ForAll long seed) {
    KernelShape shape = new KernelShape(outputs, inputs, height, width);
    HashedKernel kernels = new HashedKernel(shape, kept);
    float[] kernel = kernels.kernel(HashedKernel.rounded(drawn(kernels.values(), 0.1, seed)));
    HashSearch.Found found = HashSearch.of(shape, kernel).orElseThrow();
    assertThat(found.values()).hasSizeLessThanOrEqualTo(kernels.values());
    assertThat(new HashedKernel(shape, found.keptPerMille()).kernel(found.values()))
        .isEqualTo(kernel);
  }

  @Test
  void otherKernelsAreNotTakenForHashedOnes() {
    HashedKernel kernels = new HashedKernel(SHAPE, 100);
    float[] kernel = kernels.kernel(HashedKernel.rounded(drawn(kernels.values(), 0.1, 3)));
    assertThat(HashSearch.of(SHAPE, kernel)).isPresent();
    float[] changed = kernel.clone();
    changed[1000] = Math.nextUp(changed[1000]);
    assertThat(HashSearch.of(SHAPE, changed)).isEmpty();
    assertThat(HashSearch.of(new KernelShape(16, 32, 3, 3), kernel)).isEmpty();
    float[] free = new float[SHAPE.size()];
    SplittableRandom random = new SplittableRandom(4);
    for (int i = 0; i < free.length; i++) {
      free[i] = (float) random.nextGaussian();
    }
    assertThat(HashSearch.of(SHAPE, free)).isEmpty();
    free[7] = Float.NaN;
    assertThat(HashSearch.of(SHAPE, free)).isEmpty();
  }

  @Test
  void valuesThatAreNoNumbersPassForTheTrainerToFind() {
    float[] rounded = HashedKernel.rounded(new double[] {Double.NaN, 1, 1e300});
    assertThat(rounded[0]).isNaN();
    assertThat(rounded[1]).isEqualTo(1);
    assertThat(rounded[2]).isInfinite();
  }

  @Test
  void shapesAreThoseOfKernels() {
    assertThat(KernelShape.of(List.of(300, 784), 235_200))
        .contains(new KernelShape(300, 784, 1, 1));
    assertThat(KernelShape.of(List.of(4L, 2L, 1L, 9L), 72)).contains(new KernelShape(4, 2, 1, 9));
    assertThat(KernelShape.of(List.of(4, 2, 33, 1), 264)).isEmpty();
    assertThat(KernelShape.of(List.of(4, 2, 3), 24)).isEmpty();
    assertThat(KernelShape.of(List.of(4, 2), 9)).isEmpty();
    assertThat(KernelShape.of(List.of(-4, -2), 8)).isEmpty();
    assertThat(KernelShape.of(List.of(1L << 32, 1L << 32), 1)).isEmpty();
  }

  /** What model.sky of version 3 holds can be read for ever: the same floats, bit for bit. */
  @Test
  void theArithmeticIsThatOfVersionThree() {
    CRC32 bits = new CRC32();
    for (KernelShape shape :
        List.of(SHAPE, new KernelShape(100, 30, 1, 1), new KernelShape(8, 8, 1, 7))) {
      HashedKernel kernels = new HashedKernel(shape, 93);
      double[] values = new double[kernels.values()];
      for (int b = 0; b < values.length; b++) {
        values[b] = (b * 37 % 101 - 50) / 64.0;
      }
      for (float weight : kernels.kernel(HashedKernel.rounded(values))) {
        int raw = Float.floatToRawIntBits(weight);
        for (int shift = 0; shift < 32; shift += 8) {
          bits.update(raw >>> shift);
        }
      }
    }
    assertThat(Long.toHexString(bits.getValue())).isEqualTo("e9fb85ac");
  }
}
