package io.skyline.worker.dl4j;

import io.skyline.architecture.Architecture;
import io.skyline.worker.network.Network;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * Writes {@code model.zip}: a network as DL4J's own file format, for {@code
 * ComputationGraph.load(file, true)} in any JVM with DL4J and no class of ours.
 *
 * <p>The graph takes raw pixels 0..255 as {@code batch x channels x height x width} and gives class
 * probabilities or the predicted number; the normalisation is its first, frozen layer. Fine-tuning
 * it goes on with Adam at 0.001. Equal networks give equal bytes.
 */
public final class ModelZip {
  /** The oldest time a zip can name; the time of writing would make every file differ. */
  private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  private ModelZip() {}

  /**
   * Writes a network to a file, replacing what is there.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Network network, Path file) throws IOException {
    Architecture architecture = network.architecture();
    GraphSettings settings = GraphSettings.raw(DataType.FLOAT, new Adam(1e-3), network);
    ComputationGraph graph = Dl4jGraphs.build(architecture, network.weights(), settings);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8)) {
      zip.putNextEntry(entry(ModelSerializer.CONFIGURATION_JSON));
      zip.write(graph.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8));
      zip.putNextEntry(entry(ModelSerializer.COEFFICIENTS_BIN));
      DataOutputStream coefficients = new DataOutputStream(zip);
      Nd4j.write(graph.params(), coefficients);
      coefficients.flush();
    } finally {
      Dl4jGraphs.release(graph);
    }
  }

  private static ZipEntry entry(String name) {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(EPOCH);
    return entry;
  }
}
