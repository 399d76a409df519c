package io.skyline.worker.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyline.architecture.Add;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.BatchNorm;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.Dense;
import io.skyline.architecture.GlobalAveragePool;
import io.skyline.architecture.Node;
import io.skyline.architecture.Pooling;
import io.skyline.architecture.Shape;
import io.skyline.cost.NetworkCost;
import io.skyline.cost.Storage;
import io.skyline.worker.compress.BatchNormFolding;
import io.skyline.worker.export.Encoding;
import io.skyline.worker.export.OnnxWriter;
import io.skyline.worker.export.SampleNetworks;
import io.skyline.worker.network.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The planned memory against what ONNX Runtime reports of its allocations. */
class RuntimeMemoryTest {
  private static final int ALIGNMENT = 256;

  @TempDir private Path folder;
  private final SampleNetworks net = new SampleNetworks(new Shape(1, 28, 28));
  private Architecture architecture = placeholder();
  private String sum = "";

  private static Architecture placeholder() {
    SampleNetworks empty = new SampleNetworks(new Shape(1, 1, 1));
    empty.then(new Dense(1, true));
    return empty.architecture();
  }

  @BeforeEach
  void build() {
    net.then(Convolution.same(16, 3, 1));
    net.then(new BatchNorm());
    String trunk = net.then(SampleNetworks.RELU);
    net.then(Convolution.same(16, 3, 1));
    net.then(new BatchNorm());
    net.then(SampleNetworks.RELU);
    net.then(Convolution.same(16, 3, 1));
    String branch = net.then(new BatchNorm());
    sum = net.from(new Add(), trunk, branch);
    net.then(SampleNetworks.RELU);
    net.then(new Pooling(Pooling.Kind.MAX, 2, 2, 0));
    net.then(Convolution.same(48, 3, 2));
    net.then(SampleNetworks.RELU);
    net.then(new GlobalAveragePool());
    net.then(new Dense(10, true));
    architecture = net.architecture();
  }

  /** Bytes that the runtime newly allocated for the output of each of its nodes, by node. */
  private Map<String, Long> allocated(Encoding encoding) throws IOException {
    Network network = BatchNormFolding.fold(SampleNetworks.drawn(architecture, 1));
    Encoding used =
        encoding instanceof Encoding.Int8
            ? new Encoding.Int8(
                SampleNetworks.ranges(
                    network, SampleNetworks.images(architecture.input(), 4, 10, 1)))
            : encoding;
    Path report = folder.resolve("memory.csv");
    Map<String, String> entry =
        Map.of("session.collect_node_memory_stats_to_file", report.toString());
    try (ModelSession session = ModelSession.load(OnnxWriter.write(network, used), entry)) {
      session.predict(SampleNetworks.images(architecture.input(), 1, 10, 2));
    }
    Map<String, Long> bytes = new HashMap<>();
    List<String> lines = Files.readAllLines(report);
    for (String line : lines.subList(1, lines.size())) {
      String[] columns = line.split(",", -1);
      if (columns.length == 5) {
        bytes.put(columns[0], Long.parseLong(columns[3]));
      }
    }
    return bytes;
  }

  @Test
  void everyNewBufferHasThePlannedSize() throws IOException {
    Map<String, Long> allocated = allocated(Encoding.FLOAT32);
    int compared = 0;
    for (Node node : architecture.nodes()) {
      long planned = architecture.shape(node.name()).elements() * Storage.FP32.activationBytes();
      for (Map.Entry<String, Long> row : allocated.entrySet()) {
        if (row.getKey().startsWith(node.name() + "_nchwc_") && row.getValue() > 0) {
          assertThat(row.getValue()).as(row.getKey()).isBetween(planned, planned + ALIGNMENT);
          compared++;
        }
      }
    }
    // two large maps, the pooled one, the 48 channels, the 48 means
    assertThat(compared).isEqualTo(5);
  }

  @Test
  void aResidualSumTakesNoMemoryOfItsOwn() throws IOException {
    // its convolution accumulates into the trunk, as the plan has it
    assertThat(allocated(Encoding.FLOAT32))
        .allSatisfy(
            (name, bytes) -> {
              if (name.startsWith(sum + "_")) {
                assertThat(bytes).isZero();
              }
            });
    NetworkCost cost = NetworkCost.of(architecture, Storage.FP32);
    long map = 16 * 28 * 28 * 4;
    long image = 28 * 28 * 4;
    // the image was read before the second map was needed
    assertThat(cost.peakActivationBytes()).isBetween(2 * map, 2 * map + image);
  }

  @Test
  void theRuntimeNeedsWhatIsPlannedAndLittleMore() throws IOException {
    NetworkCost cost = NetworkCost.of(architecture, Storage.FP32);
    long all = allocated(Encoding.FLOAT32).values().stream().mapToLong(b -> b).sum();
    // buffers that are never alive together make the difference
    assertThat(cost.peakActivationBytes()).isBetween(all / 2, all);
  }

  @Test
  void integersTakeAByteEach() throws IOException {
    Map<String, Long> allocated =
        allocated(new Encoding.Int8(Map.of("any", new Encoding.Range(0, 1))));
    long map = 16 * 28 * 28;
    assertThat(allocated.values().stream().filter(b -> b == map).count()).isGreaterThanOrEqualTo(2);
    assertThat(allocated.values()).allSatisfy(b -> assertThat(b).isLessThanOrEqualTo(map));
    assertThat(NetworkCost.of(architecture, Storage.INT8).peakActivationBytes())
        .isBetween(2 * map, 2 * map + 28 * 28 * 4);
  }
}
