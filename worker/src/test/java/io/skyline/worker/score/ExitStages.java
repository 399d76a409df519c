package io.skyline.worker.score;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import com.google.protobuf.InvalidProtocolBufferException;
import io.skyline.architecture.Architecture;
import io.skyline.architecture.Shape;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The other way to leave early: a model of {@code If}s cut at its exits into one model a stage, run
 * one after the other by a program that compares confidences itself. For one example at a time.
 */
final class ExitStages implements AutoCloseable {
  private static final String BYTES = ".bytes";
  private static final Set<String> DECIDING =
      Set.of("ReduceMax", "ReduceMin", "GreaterOrEqual", "If", "Where");

  private final Architecture architecture;
  private final List<OrtSession> sessions = new ArrayList<>();
  private final List<Map<String, OnnxTensor>> inputs = new ArrayList<>();
  private final List<Map<String, OnnxTensor>> outputs = new ArrayList<>();
  private final List<FloatBuffer> probabilities = new ArrayList<>();

  /**
   * @param onnx with open exits
   * @param image raw values of one example
   */
  ExitStages(byte[] onnx, Architecture architecture, FloatBuffer image) throws OrtException {
    this.architecture = architecture;
    Map<String, OnnxTensor> given = new LinkedHashMap<>();
    given.put(Architecture.INPUT, floats(architecture.input(), image));
    try {
      ModelProto model = ModelProto.parseFrom(onnx);
      cut(model.toBuilder().clearMetadataProps(), model.getGraph(), given);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Makes a stage of a graph, and more of what lies behind its exit. */
  private void cut(ModelProto.Builder model, GraphProto graph, Map<String, OnnxTensor> given)
      throws OrtException {
    List<NodeProto> nodes =
        graph.getNodeList().stream().filter(n -> !DECIDING.contains(n.getOpType())).toList();
    Set<String> known = new HashSet<>(given.keySet());
    nodes.forEach(node -> known.addAll(node.getOutputList()));
    GraphProto rest =
        graph.getNodeList().stream()
            .filter(node -> node.getOpType().equals("If"))
            .map(node -> node.getAttribute(1).getG())
            .findFirst()
            .orElse(GraphProto.getDefaultInstance());
    Set<String> handedOn = new TreeSet<>();
    collectReads(rest, handedOn);
    handedOn.retainAll(known);
    handedOn.removeIf(name -> name.endsWith(".probabilities") || name.endsWith(".confidence"));
    GraphProto.Builder stage = GraphProto.newBuilder().setName(graph.getName()).addAllNode(nodes);
    graph.getInitializerList().stream()
        .filter(constant -> !constant.getName().endsWith(".threshold"))
        .forEach(stage::addInitializer);
    given.keySet().forEach(name -> stage.addInput(declared(name, shape(name))));
    String answer =
        nodes.stream()
            .filter(n -> n.getOpType().equals("Softmax"))
            .findFirst()
            .orElseThrow()
            .getOutput(0);
    Shape scores = new Shape(architecture.classes(), 1, 1);
    stage.addOutput(declared(answer, scores));
    FloatBuffer said = ModelSession.floats(architecture.classes());
    probabilities.add(said);
    Map<String, OnnxTensor> made = new LinkedHashMap<>();
    made.put(answer, floats(scores, said));
    for (String name : handedOn) {
      stage.addOutput(declared(name, shape(name)));
      made.put(name, tensor(name));
    }
    try (OrtSession.SessionOptions options = ModelSession.options()) {
      byte[] bytes = model.setGraph(stage).build().toByteArray();
      sessions.add(OnnxRuntime.environment().createSession(bytes, options));
    }
    inputs.add(given);
    outputs.add(made);
    if (rest.getNodeCount() > 0) {
      Map<String, OnnxTensor> next = new LinkedHashMap<>(made);
      next.remove(answer);
      cut(model, rest, next);
    }
  }

  private static void collectReads(GraphProto graph, Set<String> names) {
    for (NodeProto node : graph.getNodeList()) {
      names.addAll(node.getInputList());
      for (AttributeProto attribute : node.getAttributeList()) {
        collectReads(attribute.getG(), names);
      }
    }
  }

  private Shape shape(String name) {
    return name.equals(Architecture.INPUT)
        ? architecture.input()
        : architecture.shape(name.replace(BYTES, ""));
  }

  private static long[] dimensions(Shape shape) {
    return shape.isFlat()
        ? new long[] {1, shape.channels()}
        : new long[] {1, shape.channels(), shape.height(), shape.width()};
  }

  private static ValueInfoProto declared(String name, Shape shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    for (long dimension : dimensions(shape)) {
      dimensions.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
    }
    DataType type = name.endsWith(BYTES) ? DataType.UINT8 : DataType.FLOAT;
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(
                    TypeProto.Tensor.newBuilder()
                        .setElemType(type.getNumber())
                        .setShape(dimensions)))
        .build();
  }

  private static OnnxTensor floats(Shape shape, FloatBuffer values) throws OrtException {
    return OnnxTensor.createTensor(OnnxRuntime.environment(), values, dimensions(shape));
  }

  private OnnxTensor tensor(String name) throws OrtException {
    Shape shape = shape(name);
    int length = Math.toIntExact(shape.elements());
    return name.endsWith(BYTES)
        ? OnnxTensor.createTensor(
            OnnxRuntime.environment(),
            ByteBuffer.allocateDirect(length),
            dimensions(shape),
            OnnxJavaType.UINT8)
        : floats(shape, ModelSession.floats(length));
  }

  int count() {
    return sessions.size();
  }

  /**
   * Runs the stages until one is confident.
   *
   * @param thresholds of all stages, the last one's being 0
   * @return the stage that answered
   */
  int run(float[] thresholds) {
    try {
      int stage = 0;
      while (true) {
        sessions.get(stage).run(inputs.get(stage), Set.of(), outputs.get(stage)).close();
        if (confidence(probabilities.get(stage)) >= thresholds[stage]) {
          return stage;
        }
        stage++;
      }
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a stage said last. */
  FloatBuffer answer(int stage) {
    return probabilities.get(stage);
  }

  private static float confidence(FloatBuffer said) {
    float most = said.get(0);
    for (int i = 1; i < said.capacity(); i++) {
      most = Math.max(most, said.get(i));
    }
    return most;
  }

  @Override
  public void close() throws OrtException {
    inputs.get(0).values().forEach(OnnxTensor::close);
    outputs.forEach(made -> made.values().forEach(OnnxTensor::close));
    for (OrtSession session : sessions) {
      session.close();
    }
  }
}
