package io.skyline.worker.export;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.skyline.worker.network.ExitPolicy;
import io.skyline.worker.network.Network;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The exits of a model.onnx, in their order, as its metadata entry {@code skyline.exits} lists
 * them: one line each, its name, threshold and share.
 */
public record ModelExits(List<Exit> exits) {
  private static final String KEY = "skyline.exits";

  public ModelExits {
    exits = List.copyOf(exits);
  }

  /**
   * One exit.
   *
   * @param name of its node
   * @param threshold that the largest probability of an example must reach
   * @param share of the validation examples that leave here
   */
  public record Exit(String name, float threshold, double share) {}

  /** The exits of a network of which all are open. */
  static ModelExits of(Network network) {
    List<String> names = network.architecture().exits();
    List<Exit> exits = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      exits.add(
          new Exit(
              names.get(i), network.exits().thresholds().get(i), network.exits().shares().get(i)));
    }
    return new ModelExits(exits);
  }

  /**
   * Reads them from a model.
   *
   * @return without exits for a model that has none, or that Skyline did not write
   * @throws IllegalArgumentException if the bytes are no model, or its exits are unreadable
   */
  public static ModelExits of(byte[] onnx) {
    List<Exit> exits = new ArrayList<>();
    for (StringStringEntryProto entry : parse(onnx).getMetadataPropsList()) {
      if (entry.getKey().equals(KEY)) {
        for (String line : entry.getValue().split("\n", -1)) {
          String[] words = line.split(" ", -1);
          if (words.length != 3) {
            throw new IllegalArgumentException(KEY + " holds the line '" + line + "'");
          }
          exits.add(new Exit(words[0], Float.parseFloat(words[1]), Double.parseDouble(words[2])));
        }
      }
    }
    return new ModelExits(exits);
  }

  private static ModelProto parse(byte[] onnx) {
    try {
      return ModelProto.parseFrom(onnx);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("not an ONNX model: " + e.getMessage(), e);
    }
  }

  Map<String, String> metadata() {
    if (exits.isEmpty()) {
      return Map.of();
    }
    List<String> lines =
        exits.stream().map(e -> e.name() + " " + e.threshold() + " " + e.share()).toList();
    return Map.of(KEY, String.join("\n", lines));
  }

  /** By which examples leave. */
  public ExitPolicy policy() {
    return new ExitPolicy(
        exits.stream().map(Exit::threshold).toList(), exits.stream().map(Exit::share).toList());
  }

  /** How many ways there are through the model: one to each exit and one to its end. */
  public int paths() {
    return exits.size() + 1;
  }

  /** The share of the validation examples that take a path. */
  public double share(int path) {
    return path < exits.size()
        ? exits.get(path).share()
        : Math.max(0, 1 - exits.stream().mapToDouble(Exit::share).sum());
  }

  /**
   * A model of the same operators and sizes in which every example takes one path, whatever it
   * shows: no probability reaches the thresholds before, each the one at its end.
   */
  public byte[] forced(byte[] onnx, int path) {
    if (exits.isEmpty()) {
      return onnx;
    }
    ModelProto.Builder model = parse(onnx).toBuilder();
    for (int i = 0; i < exits.size(); i++) {
      String name = ExitWriter.threshold(exits.get(i).name());
      replace(model.getGraphBuilder(), name, i == path ? 0 : Float.POSITIVE_INFINITY);
    }
    return model.build().toByteArray();
  }

  private static void replace(GraphProto.Builder graph, String name, float value) {
    for (TensorProto.Builder constant : graph.getInitializerBuilderList()) {
      if (constant.getName().equals(name)) {
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        constant.setRawData(ByteString.copyFrom(bytes.putFloat(0, value)));
      }
    }
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
        if (attribute.hasG()) {
          replace(attribute.getGBuilder(), name, value);
        }
      }
    }
  }
}
