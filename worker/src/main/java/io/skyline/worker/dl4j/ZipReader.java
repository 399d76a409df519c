package io.skyline.worker.dl4j;

import io.skyline.worker.data.Examples;
import io.skyline.worker.dl4j.GraphReader.ReadGraph;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.train.Engine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads a zip of DL4J, ours ({@link ModelZip}) or a user's {@code ComputationGraph} or {@code
 * MultiLayerNetwork}, as a network of ours, and holds the one against the other: a network that
 * does not compute what the zip computes is never given back.
 */
public final class ZipReader {
  private static final long LARGEST_PLAN = 16L << 20;
  private static final long LARGEST_WEIGHTS = 1L << 30;
  private static final double TOLERANCE = 1e-3;

  private final Engine engine;

  /**
   * @param engine that runs the network to compare it with DL4J
   */
  public ZipReader(Engine engine) {
    this.engine = engine;
  }

  /**
   * Reads a file.
   *
   * @param probes a few examples, of the shape of the network's input, on which both are run
   * @param normalization of a zip that does not normalise its input itself; empty if nobody has
   *     said, which is as good as none unless the zip says that there was one
   * @throws UnreadableZipException if it is no such zip, has a layer that Skyline does not know, or
   *     computes something else than the network that it was read as
   */
  public Network read(Path file, Examples probes, Optional<Normalization> normalization)
      throws IOException {
    ComputationGraph graph = load(file, normalization.isPresent());
    try {
      int channels = probes.shape().channels();
      Normalization otherwise =
          normalization.orElse(
              new Normalization(
                  Collections.nCopies(channels, 0f), Collections.nCopies(channels, 1f)));
      ReadGraph read = GraphReader.read(graph, probes.shape(), otherwise);
      compare(graph, read, probes);
      return read.network();
    } catch (UnreadableZipException e) {
      throw new UnreadableZipException(file + ": " + e.getMessage(), e);
    } finally {
      Dl4jGraphs.release(graph);
    }
  }

  private static ComputationGraph load(Path file, boolean normalizationSaid) throws IOException {
    boolean isGraph = inspect(file, normalizationSaid);
    try {
      return isGraph
          ? ComputationGraph.load(file.toFile(), false)
          : ModelSerializer.restoreMultiLayerNetwork(file.toFile(), false).toComputationGraph();
    } catch (RuntimeException e) { // of several kinds, where a file is damaged
      throw new UnreadableZipException(file + ": DL4J cannot load it: " + e.getMessage(), e);
    }
  }

  /** Whether a zip holds a graph rather than a chain, after a look at what it declares to hold. */
  private static boolean inspect(Path file, boolean normalizationSaid) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new UnreadableZipException(file + ": no such file");
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry plan = entry(zip, file, ModelSerializer.CONFIGURATION_JSON, LARGEST_PLAN);
      entry(zip, file, ModelSerializer.COEFFICIENTS_BIN, LARGEST_WEIGHTS);
      if (zip.getEntry(ModelSerializer.NORMALIZER_BIN) != null && !normalizationSaid) {
        throw new UnreadableZipException(
            file
                + ": it holds a normalizer, which Skyline does not read. Say with --mean and"
                + " --deviation what it does: 0 and 255 for pixels scaled to 0..1");
      }
      try (InputStream in = zip.getInputStream(plan)) {
        String text = new String(in.readNBytes((int) LARGEST_PLAN), StandardCharsets.UTF_8);
        return text.contains("\"vertexInputs\"");
      }
    } catch (ZipException e) {
      throw new UnreadableZipException(file + ": no zip: " + e.getMessage(), e);
    }
  }

  private static ZipEntry entry(ZipFile zip, Path file, String name, long most) {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new UnreadableZipException(file + ": no zip of DL4J: it holds no " + name);
    }
    if (entry.getSize() > most || entry.getSize() < 0) {
      throw new UnreadableZipException(
          "%s: %s has %,d bytes; at most %,d are read"
              .formatted(file, name, entry.getSize(), most));
    }
    return entry;
  }

  private void compare(ComputationGraph graph, ReadGraph read, Examples probes) {
    List<float[]> zipped = outputs(graph, read, probes);
    int exits = read.network().architecture().exits().size();
    for (int path = 0; path <= exits; path++) {
      float[] expected = zipped.get(path);
      float[] found = engine.predict(read.network().with(leavingAt(path, exits)), probes);
      for (int i = 0; i < expected.length; i++) {
        double scale = Math.max(1, Math.abs(expected[i]));
        if (!(Math.abs(expected[i] - found[i]) <= TOLERANCE * scale)) {
          throw new UnreadableZipException(
              String.format(
                  Locale.ROOT,
                  "read as a network, it answers otherwise than in DL4J: %.4f instead of %.4f",
                  found[i],
                  expected[i]));
        }
      }
    }
  }

  private static ExitPolicy leavingAt(int path, int exits) {
    List<Float> thresholds = new ArrayList<>(Collections.nCopies(exits, ExitPolicy.NEVER));
    if (path < exits) {
      thresholds.set(path, Float.MIN_NORMAL);
    }
    return ExitPolicy.of(thresholds);
  }

  private static List<float[]> outputs(ComputationGraph graph, ReadGraph read, Examples probes) {
    int length = Math.toIntExact(probes.shape().elements());
    float[] values = new float[probes.count() * length];
    for (int i = 0; i < probes.count(); i++) {
      probes.read(i, values, i * length);
    }
    if (!read.normalizes()) {
      normalize(read.network().normalization(), length, values);
    }
    long[] rows = {probes.count(), length};
    long[] maps = {
      probes.count(), probes.shape().channels(), probes.shape().height(), probes.shape().width()
    };
    try (INDArray input =
        Nd4j.create(values, read.takesFlat() ? rows : maps, 'c')
            .castTo(graph.getConfiguration().getDataType())) {
      List<float[]> outputs = new ArrayList<>();
      for (INDArray output : graph.output(input)) {
        outputs.add(output.dup('c').reshape(output.length()).toFloatVector());
      }
      return outputs;
    } catch (RuntimeException e) { // of several kinds, where examples do not fit
      throw new UnreadableZipException(
          "DL4J cannot run it on examples of " + probes.shape() + ": " + e.getMessage(), e);
    }
  }

  private static void normalize(Normalization normalization, int length, float[] values) {
    int plane = length / normalization.mean().size();
    for (int i = 0; i < values.length; i++) {
      int channel = i / plane % normalization.mean().size();
      values[i] =
          (values[i] - normalization.mean().get(channel)) / normalization.deviation().get(channel);
    }
  }
}
