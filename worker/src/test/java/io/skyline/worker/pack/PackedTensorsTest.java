package io.skyline.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.skyline.worker.hashing.KernelShape;
import io.skyline.worker.pack.PackedTensors.Tensor;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What tensors take in a file, beside what theory says. */
class PackedTensorsTest {
  private static Tensor packed(OnnxModels model) {
    byte[] packed = PackedModel.pack(model.toByteArray());
    PackedTensors report = PackedTensors.of(packed, "x.sky");
    assertThat(report.fileBytes()).isEqualTo(packed.length);
    assertThat(report.modelBytes()).isEqualTo(model.toByteArray().length);
    assertThat(report.tensors()).hasSize(1);
    return report.tensors().get(0);
  }

  @Test
  void aPrunedTensorOfFewValuesTakesItsEntropy() {
    // the first layer of LeNet-300-100, 8 % kept, 5 bits
    float[] values = OnnxModels.pruned(300 * 784, 0.08, 31, 7);
    Tensor tensor = packed(new OnnxModels().floats("w", values, 300, 784));
    int[] counts = Codebook.spell(elements(values)).orElseThrow().counts();
    double entropy = Estimate.bits(counts) / 8;
    assertThat(tensor.packedBytes()).isBetween(entropy, 1.05 * entropy);
    assertThat(tensor.coding()).isIn("contexts", "sparse codebook");
    assertThat(tensor.distinct()).isEqualTo(counts.length);
    assertThat(tensor.elements()).isEqualTo(235_200);
    assertThat(tensor.nonZeros()).isEqualTo(235_200 - counts[0]);
    assertThat(tensor.kept()).isCloseTo(0.08, within(0.003));
    assertThat(tensor.dimensions()).containsExactly(300L, 784L);
    assertThat(tensor.type()).isEqualTo("float32");
    assertThat(tensor.rawBytes()).isEqualTo(940_800);
  }

  private static Elements elements(float[] values) {
    Elements elements = new Elements(new byte[4 * values.length], 0, values.length, 4);
    for (int i = 0; i < values.length; i++) {
      elements.put(i, Float.floatToRawIntBits(values[i]));
    }
    return elements;
  }

  @Test
  void theColumnsOfDeepCompressionAreThoseOfItsCoding() {
    float[] values = OnnxModels.pruned(100_000, 0.08, 31, 8);
    Tensor tensor = packed(new OnnxModels().floats("w", values, 100, 1000));
    SharedWeights shared = tensor.shared().orElseThrow();
    int[] counts = Codebook.spell(elements(values)).orElseThrow().counts();
    int kept = 100_000 - counts[0];
    counts[0] = 0;
    double symbols = Estimate.bits(counts) / kept;
    // gaps at random are distributed geometrically
    double p = 0.08;
    double gaps = (-p * Math.log(p) - (1 - p) * Math.log(1 - p)) / Math.log(2) / p;
    // a symbol of 5 bits, and fillers that are charged to those kept
    assertThat(shared.valueBits()).isBetween(5.0, 5.8);
    assertThat(shared.codedValueBits()).isBetween(symbols, symbols + 0.25);
    assertThat(shared.indexBits()).isBetween(5.0, 6.0);
    assertThat(shared.codedIndexBits()).isBetween(gaps - 0.1, gaps + 0.2);
  }

  @Test
  void whereZerosClusterInRowsAndColumnsContextsTakeLess() {
    SplittableRandom random = new SplittableRandom(4);
    float[] values = OnnxModels.pruned(200 * 500, 0.2, 15, 9);
    boolean[] dead = new boolean[500];
    for (int i = 0; i < dead.length; i++) {
      dead[i] = random.nextInt(2) == 0;
    }
    for (int i = 0; i < values.length; i++) {
      values[i] = dead[i % 500] ? 0 : values[i];
    }
    Tensor tensor = packed(new OnnxModels().floats("w", values, 200, 500));
    int[] counts = Codebook.spell(elements(values)).orElseThrow().counts();
    assertThat(tensor.packedBytes()).isLessThan(0.92 * Estimate.bits(counts) / 8);
  }

  @Test
  void ternaryWeightsTakeTheirEntropyAndBinaryOnesABit() {
    SplittableRandom random = new SplittableRandom(5);
    float[] ternary = new float[30_000];
    float[] binary = new float[30_000];
    for (int i = 0; i < ternary.length; i++) {
      ternary[i] = 0.37f * (random.nextInt(3) - 1);
      binary[i] = random.nextBoolean() ? 0.21f : -0.21f;
    }
    Tensor three = packed(new OnnxModels().floats("w", ternary, 100, 300));
    Tensor two = packed(new OnnxModels().floats("w", binary, 100, 300));
    assertThat(three.packedBytes() * 8 / 30_000).isBetween(1.58, 1.61);
    assertThat(two.packedBytes()).isBetween(3750.0, 3750.0 + 20);
    assertThat(three.shared().orElseThrow().valueBits()).isEqualTo(2);
    assertThat(two.shared().orElseThrow().valueBits()).isEqualTo(1);
    assertThat(two.shared().orElseThrow().indexBits()).isZero();
  }

  @Test
  void fewLargeValuesAmongZerosTakeTheirBytesAndGaps() {
    float[] values = OnnxModels.pruned(50_000, 0.05, 1 << 20, 6);
    Tensor tensor = packed(new OnnxModels().floats("w", values, 50_000));
    assertThat(tensor.coding()).isEqualTo("sparse");
    // at most 4 bytes and a gap of 6 bits
    assertThat(tensor.packedBytes()).isLessThan(tensor.nonZeros() * 4.8 + 40);
    assertThat(tensor.nonZeros()).isBetween(2300, 2700);
  }

  @Test
  void constantTensorsTakeAFewBytesAndTinyOnesAByteMoreThanTheirs() {
    assertThat(
            packed(new OnnxModels().tensor("w", DataType.INT64, new byte[80_000], 10_000))
                .packedBytes())
        .isLessThan(8);
    SplittableRandom random = new SplittableRandom(2);
    OnnxModels model = new OnnxModels();
    OnnxModels without = new OnnxModels();
    for (int i = 0; i < 40; i++) {
      byte[] scale = new byte[4];
      random.nextBytes(scale);
      model.tensor("scale" + i, DataType.FLOAT, scale, 1);
      // the same skeleton, no bytes to code
      without.tensor("scale" + i, DataType.FLOAT, new byte[4], 1);
    }
    int more =
        PackedModel.pack(model.toByteArray()).length
            - PackedModel.pack(without.toByteArray()).length;
    assertThat(more).isLessThan(40 * 5 + 20);
  }

  @Test
  void aHashedKernelTakesItsValuesInHalfPrecision() {
    KernelShape shape = new KernelShape(64, 32, 3, 3);
    Tensor tensor = packed(new OnnxModels().hashed("w", shape, 100, 5));
    assertThat(tensor.coding()).isEqualTo("hashed");
    int values = 1843;
    // a sign, ten bits and what two of the exponent's are worth
    assertThat(tensor.packedBytes() * 8 / values).isBetween(12.5, 14.5);
    assertThat(tensor.rawBytes() / tensor.packedBytes()).isGreaterThan(22);
  }

  @Test
  void smallTensorsShareAPool() {
    byte[] packed =
        PackedModel.pack(
            new OnnxModels()
                .floats("a", new float[] {1.3f, 2.7f}, 2)
                .floats("b", new float[] {-1.9f, 1e-3f, 8}, 3)
                .toByteArray());
    assertThat(PackedTensors.of(packed, "x.sky").tensors())
        .extracting(Tensor::name, Tensor::coding, Tensor::nonZeros)
        .containsExactly(
            org.assertj.core.api.Assertions.tuple("a", "pooled", 2),
            org.assertj.core.api.Assertions.tuple("b", "pooled", 3));
  }

  /** The kernel of an int8 layer: uneven bytes of many values, each its own symbol. */
  private static byte[] bytes(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[count];
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) Math.round(20 * random.nextGaussian());
    }
    return bytes;
  }

  @Test
  void unevenBytesTakeTheirEntropyAndRepeatedOnesWhatIsRepeated() {
    byte[] uneven = bytes(12_000, 5);
    Tensor once = packed(new OnnxModels().tensor("w", DataType.INT8, uneven, 100, 120));
    assertThat(once.coding()).isIn("contexts", "codebook");
    assertThat(once.packedBytes()).isLessThan(1.05 * Estimate.entropy(uneven));

    byte[] repeated = new byte[12_000];
    for (int i = 0; i < repeated.length; i++) {
      // two rows over and over, of zeros by half: contexts of symbols know where, but not which
      repeated[i] = uneven[i % 240 + 240] < 0 ? 0 : uneven[i % 240];
    }
    Tensor again = packed(new OnnxModels().tensor("w", DataType.INT8, repeated, 100, 120));
    assertThat(again.coding()).isEqualTo("raw");
    assertThat(again.packedBytes()).isLessThan(500);
  }
}
