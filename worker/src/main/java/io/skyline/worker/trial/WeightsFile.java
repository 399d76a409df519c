package io.skyline.worker.trial;

import io.skyline.architecture.Architecture;
import io.skyline.architecture.Convolution;
import io.skyline.architecture.InvalidArchitectureException;
import io.skyline.architecture.Node;
import io.skyline.architecture.Select;
import io.skyline.recipe.ChannelPlan;
import io.skyline.recipe.ChannelPlan.ChannelSet;
import io.skyline.recipe.ChannelPlan.Span;
import io.skyline.scorecard.FailureKind;
import io.skyline.worker.network.Network;
import io.skyline.worker.network.Normalization;
import io.skyline.worker.network.Weights;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The artifact {@code weights}: what training gave of an exported network, from which its other
 * formats can be written later. Its numbers are those that the model computes with: rounded to half
 * precision or to the int8 grid where the recipe says so. The channels that an index layer selects,
 * which training has chosen, stand among them under the layer's name and {@code .channels}.
 *
 * <pre>
 * int32  "SKYW", int32 version 1, int32 number of tensors; then for each
 * UTF    its key, as {@link Weights#key}
 * int32  how many values, then these as float32; everything big endian
 * </pre>
 */
final class WeightsFile {
  private static final int MAGIC = 0x534B5957;
  private static final int VERSION = 1;
  private static final int MOST_TENSORS = 1 << 16;

  private static final String CHANNELS = "channels";

  private WeightsFile() {}

  static void write(Network network, Path file) throws IOException {
    Map<String, float[]> numbers = new LinkedHashMap<>(network.weights().tensors());
    for (Node node : network.architecture().nodes()) {
      if (node.layer() instanceof Select select) {
        float[] channels = new float[select.channels().size()];
        for (int i = 0; i < channels.length; i++) {
          channels[i] = select.channels().get(i);
        }
        numbers.put(Weights.key(node, CHANNELS), channels);
      }
    }
    write(numbers, file);
  }

  /** Writes tensors by their keys. */
  static void write(Map<String, float[]> numbers, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeInt(MAGIC);
      out.writeInt(VERSION);
      out.writeInt(numbers.size());
      for (Map.Entry<String, float[]> tensor : numbers.entrySet()) {
        out.writeUTF(tensor.getKey());
        float[] values = tensor.getValue();
        out.writeInt(values.length);
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES);
        bytes.asFloatBuffer().put(values);
        out.write(bytes.array());
      }
    }
  }

  /**
   * Reads them back.
   *
   * @param planned the exported network, in which index layers may select any channels and channels
   *     may be left that training has made useless
   * @throws TaskFailedException BAD_ARTIFACT, if the file is anything else
   */
  static Network read(Path file, Architecture planned, Normalization normalization)
      throws IOException, TaskFailedException {
    Map<String, float[]> numbers = numbers(file);
    try {
      List<Node> nodes = new ArrayList<>();
      for (Node node : planned.nodes()) {
        if (node.layer() instanceof Select) {
          float[] channels = numbers.remove(Weights.key(node, CHANNELS));
          if (channels == null) {
            throw bad("lacks the channels of " + node.name());
          }
          nodes.add(new Node(node.name(), select(channels), node.inputs()));
        } else {
          nodes.add(node);
        }
      }
      Architecture exported = shrunk(planned.with(nodes), numbers);
      return new Network(exported, new Weights(numbers), normalization);
    } catch (IllegalArgumentException | InvalidArchitectureException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  /** Writes the numbers of a network as they are, with nothing of its channels. */
  static void writePlain(Network network, Path file) throws IOException {
    write(network.weights().tensors(), file);
  }

  /**
   * Reads them back.
   *
   * @throws TaskFailedException BAD_ARTIFACT, if they are not of this architecture
   */
  static Network readPlain(Path file, Architecture architecture, Normalization normalization)
      throws IOException, TaskFailedException {
    try {
      return new Network(architecture, new Weights(numbers(file)), normalization);
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  /**
   * The names of the layers that have weights in it.
   *
   * @throws TaskFailedException BAD_ARTIFACT, if the file is anything else
   */
  static Set<String> layers(Path file) throws IOException, TaskFailedException {
    return numbers(file).keySet().stream()
        .map(key -> key.substring(0, Math.max(key.lastIndexOf('.'), 0)))
        .collect(Collectors.toSet());
  }

  /** The planned network with as many channels as the numbers are of. */
  private static Architecture shrunk(Architecture planned, Map<String, float[]> numbers) {
    ChannelPlan plan = ChannelPlan.of(planned, 0);
    int[] kept = plan.sets().stream().mapToInt(ChannelSet::channels).toArray();
    for (int i = 0; i < kept.length; i++) {
      ChannelSet set = plan.sets().get(i);
      if (!set.pinned()) {
        Node maker = set.makers().get(0);
        int inputs = 0;
        for (Span span : plan.layout(maker.inputs().get(0)).spans()) {
          inputs += kept[span.set()] * span.block();
        }
        float[] kernel = numbers.get(Weights.key(maker, "kernel"));
        int taps = maker.layer() instanceof Convolution conv ? conv.taps() : 1;
        kept[i] = kernel == null ? kept[i] : kernel.length / taps / inputs;
        if (kept[i] < 1) {
          throw new IllegalArgumentException(
              "%s.kernel has %d numbers, too few for %d inputs"
                  .formatted(maker.name(), kernel == null ? 0 : kernel.length, inputs));
        }
      }
    }
    return plan.keeping(set -> kept[set]).pruned();
  }

  private static Select select(float[] channels) {
    List<Integer> selected = new ArrayList<>();
    for (float channel : channels) {
      selected.add((int) channel);
    }
    return new Select(selected);
  }

  /**
   * Reads tensors by their keys.
   *
   * @throws TaskFailedException BAD_ARTIFACT, if the file holds none
   */
  static Map<String, float[]> numbers(Path file) throws IOException, TaskFailedException {
    long left = Files.size(file);
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      if (left < 12 || in.readInt() != MAGIC || in.readInt() != VERSION) {
        throw bad("no weights of version " + VERSION);
      }
      int count = in.readInt();
      if (count < 0 || count > MOST_TENSORS) {
        throw bad(count + " tensors are announced");
      }
      Map<String, float[]> tensors = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        String key = in.readUTF();
        int length = in.readInt();
        if (length < 0 || (long) length * Float.BYTES > left) {
          throw bad(key + " announces " + length + " values");
        }
        float[] values = new float[length];
        byte[] bytes = in.readNBytes(length * Float.BYTES);
        if (bytes.length < length * Float.BYTES) {
          throw bad(key + " is cut off");
        }
        ByteBuffer.wrap(bytes).asFloatBuffer().get(values);
        tensors.put(key, values);
      }
      return tensors;
    } catch (java.io.EOFException e) {
      throw bad("the weights are cut off");
    }
  }

  private static TaskFailedException bad(String what) {
    return new TaskFailedException(FailureKind.BAD_ARTIFACT, "artifact weights: " + what);
  }
}
