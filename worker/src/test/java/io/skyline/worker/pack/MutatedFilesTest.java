package io.skyline.worker.pack;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import com.sun.management.ThreadMXBean;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.hashing.KernelShape;
import io.skyline.worker.network.Network;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damaged files and hostile ones, whose checksums are right, so that every decoder sees them: an
 * error or a model of the announced length comes back, in bounded time and memory.
 */
class MutatedFilesTest {
  private static final ThreadMXBean THREAD = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** What reading takes whatever the file says: tables of contexts, mainly. */
  private static final long FIXED = 24L << 20;

  /** Of what the file says of its model: the model, places and symbols of a sparse tensor. */
  private static final long TIMES_ANNOUNCED = 8;

  private static final long NANOS = 4_000_000_000L;

  @Test
  @Timeout(300)
  void fiveThousandMutantsAreRefusedOrBounded() {
    attack(5_000, 20260701);
  }

  @Test
  @Tag("full")
  @Timeout(3600)
  void aHundredThousandMutantsAreRefusedOrBounded() {
    attack(100_000, System.nanoTime());
  }

  private static void attack(int count, long seed) {
    System.out.println("mutants of packed models: seed " + seed);
    List<byte[]> files = files();
    SplittableRandom random = new SplittableRandom(seed);
    Map<Mutation, Integer> read = new EnumMap<>(Mutation.class);
    for (int i = 0; i < count; i++) {
      byte[] file = files.get(random.nextInt(files.size()));
      byte[] other = files.get(random.nextInt(files.size()));
      Mutation mutation = Mutation.values()[random.nextInt(Mutation.values().length)];
      byte[] mutant = mutation.of(file, other, random);
      String step = "seed " + seed + ", mutant " + i + ", " + mutation;
      // one in eight as damage comes, the others as an attacker would write them
      boolean asAttacker = i % 8 > 0 && mutant.length > PackedFile.CONTENT_AT;
      Optional<byte[]> model = readBounded(asAttacker ? resealed(mutant) : mutant, step);
      if (model.isPresent()) {
        read.merge(mutation, 1, Integer::sum);
        // damage is told, but for a version's that reads the same
        assertThat(asAttacker || isOneOf(model.get(), file, other)).as(step).isTrue();
      }
    }
    // mutants that pass as models show that the decoders were reached
    assertThat(read).containsKeys(Mutation.FLIP, Mutation.OVERWRITE);
  }

  private static byte[] resealed(byte[] mutant) {
    byte[] sealed = PackedFile.resealed(mutant);
    System.arraycopy(PackedFile.seal(new byte[0]), 0, sealed, 0, 5);
    return sealed;
  }

  private static boolean isOneOf(byte[] model, byte[]... files) {
    return Stream.of(files)
        .anyMatch(file -> Arrays.equals(model, PackedModel.unpack(file, "x.sky")));
  }

  /** What was read, if it was. */
  private static Optional<byte[]> readBounded(byte[] mutant, String step) {
    long announced = announced(mutant);
    long thread = Thread.currentThread().getId();
    long allocated = THREAD.getThreadAllocatedBytes(thread);
    long cpu = THREAD.getCurrentThreadCpuTime();
    Optional<byte[]> read;
    try {
      read = Optional.of(PackedModel.unpack(mutant, "x.sky"));
      assertThat((long) read.get().length).as(step).isEqualTo(announced);
    } catch (BadPackedModelException e) {
      assertThat(e.getMessage()).as(step).matches("(?s)x\\.sky: byte \\d+: .+");
      read = Optional.empty();
    }
    assertThat(THREAD.getCurrentThreadCpuTime() - cpu).as(step).isLessThan(NANOS);
    assertThat(THREAD.getThreadAllocatedBytes(thread) - allocated)
        .as(step)
        .isLessThan(FIXED + TIMES_ANNOUNCED * announced + 8L * mutant.length);
    return read;
  }

  /** The model's length as the file says; 0 if it is not plausible. */
  private static long announced(byte[] mutant) {
    try {
      return new PackedReader(mutant, Math.min(PackedFile.CONTENT_AT, mutant.length), "x.sky")
          .number(0, PackedModel.LARGEST_MODEL, "length");
    } catch (BadPackedModelException e) {
      return 0;
    }
  }

  /** Small files in which every coding occurs. */
  private static List<byte[]> files() {
    List<byte[]> models = new ArrayList<>();
    models.add(
        new OnnxModels().floats("w", OnnxModels.pruned(6000, 0.08, 31, 1), 100, 60).toByteArray());
    models.add(
        new OnnxModels().floats("w", OnnxModels.pruned(4000, 0.6, 3, 2), 40, 100).toByteArray());
    models.add(
        new OnnxModels().floats("w", OnnxModels.pruned(3000, 0.1, 2000, 3), 3000).toByteArray());
    models.add(
        new OnnxModels().floats("w", OnnxModels.pruned(1500, 1, 1 << 20, 4), 1500).toByteArray());
    models.add(new OnnxModels().hashed("k", new KernelShape(16, 12, 3, 3), 90, 5).toByteArray());
    models.add(new OnnxModels().hashed("d", new KernelShape(40, 60, 1, 1), 200, 6).toByteArray());
    byte[] bytes = new byte[3000];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * i >> 5);
    }
    models.add(new OnnxModels().tensor("b", DataType.INT8, bytes, 30, 100).toByteArray());
    models.add(new OnnxModels().tensor("z", DataType.INT64, new byte[4000], 500).toByteArray());
    models.add("no model at all ".repeat(40).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    SplittableRandom random = new SplittableRandom(5);
    for (long seed = 0; seed < 3; seed++) {
      Network network = SampleNetworks.drawn(SampleNetworks.random(random), seed);
      models.add(OnnxWriter.write(network, Encoding.FLOAT32));
      models.add(OnnxWriter.write(network, Encoding.FLOAT16));
    }
    List<byte[]> files = new ArrayList<>(models.stream().map(PackedModel::pack).toList());
    files.addAll(ForcedCodings.files());
    return files;
  }
}
